"""What is said about a file by its facts."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from models3d.findings import KINDS, FileFacts, findings_of

SOUND = FileFacts(
    size_bytes=684,
    kind="mesh",
    missing_since=None,
    binned_at=None,
    archive_id=None,
    listing_error_code="",
    listing_error="",
    analysis_state="done",
    analysis_error_code="",
    analysis_error="",
    triangle_count=12,
    is_watertight=True,
    is_closed_within_tolerance=True,
    boundary_edge_count=0,
    nonmanifold_edge_count=0,
    hole_count=0,
    body_count=1,
    inverted_body_count=0,
    size_x_mm=10.0,
    size_y_mm=10.0,
    size_z_mm=10.0,
    suspected_unit="",
    bed_contact_mm2=100.0,
)


def _kinds(facts: FileFacts) -> list[str]:
    found = findings_of(facts)
    assert all(finding.kind in KINDS and finding.sentence.endswith(".") for finding in found)
    return [finding.kind for finding in found]


def test_a_sound_mesh_has_no_findings() -> None:
    assert _kinds(SOUND) == []


def test_a_file_nobody_looked_at_yet_has_no_findings() -> None:
    assert _kinds(replace(SOUND, analysis_state="pending", is_watertight=False, boundary_edge_count=3)) == []


def test_a_missing_file_is_missing_and_nothing_else() -> None:
    gone = replace(SOUND, missing_since=datetime(2026, 1, 1, tzinfo=UTC), size_bytes=0, is_watertight=False)

    assert _kinds(gone) == ["missing"]


def test_a_file_that_went_with_its_archive_is_left_to_the_archive() -> None:
    gone = replace(SOUND, missing_since=datetime(2026, 1, 1, tzinfo=UTC))

    assert _kinds(replace(gone, archive_id=7)) == []


@pytest.mark.parametrize("code", ["encrypted", "damaged", "too_large", "no_reader", "left_out"])
def test_an_archive_that_is_not_shown_whole_says_why(code: str) -> None:
    archive = replace(SOUND, kind="archive", triangle_count=None, listing_error_code=code)

    assert _kinds(replace(archive, listing_error="It is locked.")) == [f"archive_{code}"]


def test_an_empty_file_is_empty_and_nothing_else() -> None:
    assert _kinds(replace(SOUND, size_bytes=0, analysis_state="failed", analysis_error="x.")) == [
        "empty_file"
    ]


def test_a_failed_analysis_tells_its_reason() -> None:
    failed = replace(SOUND, analysis_state="failed", analysis_error="The header is damaged.")

    assert [(f.kind, f.severity, f.sentence) for f in findings_of(failed)] == [
        ("unreadable", "error", "The header is damaged.")
    ]
    assert _kinds(replace(failed, analysis_error_code="truncated")) == ["truncated"]
    assert _kinds(replace(failed, analysis_error_code="too_complex")) == ["too_complex"]


def test_an_open_mesh_is_told_with_its_figures() -> None:
    open_mesh = replace(
        SOUND, is_watertight=False, is_closed_within_tolerance=False, boundary_edge_count=1204, hole_count=1
    )

    (finding,) = findings_of(open_mesh)

    assert finding.sentence == (
        "The mesh is not watertight: 1,204 open edges around 1 hole. Repair it before printing."
    )


def test_a_mesh_closed_within_tolerance_is_not_told_as_open() -> None:
    assert _kinds(replace(SOUND, is_watertight=False, boundary_edge_count=4)) == []


def test_several_findings_stand_side_by_side() -> None:
    bad = replace(
        SOUND,
        is_watertight=False,
        is_closed_within_tolerance=False,
        nonmanifold_edge_count=1,
        inverted_body_count=2,
        body_count=3,
    )

    assert _kinds(bad) == ["not_watertight", "non_manifold", "inverted"]
    assert "2 bodies are inside out" in findings_of(bad)[2].sentence
    assert "1 edge is shared" in findings_of(bad)[1].sentence


def test_suspected_units_are_told_with_both_sizes() -> None:
    robot = replace(SOUND, size_x_mm=0.035, size_y_mm=0.013, size_z_mm=0.191, suspected_unit="meter")

    (finding,) = findings_of(robot)

    assert (finding.kind, finding.severity) == ("wrong_units", "warning")
    assert finding.sentence == (
        "The mesh is only 0.035 × 0.013 × 0.191 mm; its numbers look like meters. "
        "If they are, it is 35 × 13 × 191 mm: scale it by 1000 in the slicer."
    )


def test_a_mesh_on_a_point_has_nothing_to_rest_on_but_a_tiny_one_may() -> None:
    assert _kinds(replace(SOUND, bed_contact_mm2=0.1)) == ["nothing_to_rest_on"]
    assert _kinds(replace(SOUND, bed_contact_mm2=0.9, size_x_mm=3.0, size_y_mm=3.0)) == []
    assert _kinds(replace(SOUND, bed_contact_mm2=None)) == []


def test_a_file_without_any_shape_is_told() -> None:
    assert _kinds(replace(SOUND, triangle_count=0, is_watertight=False)) == ["no_geometry"]


def test_a_picture_has_no_findings_of_meshes() -> None:
    assert _kinds(replace(SOUND, kind="image", triangle_count=None, is_watertight=None)) == []
