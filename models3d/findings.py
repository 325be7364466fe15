"""What is to be said about a file, judged by its facts alone: each finding with a sentence and a way out. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Final

# Every kind that `findings_of` tells; problems of other kinds are none of its business.
KINDS: Final = (
    *("missing", "empty_file", "unreadable", "truncated", "too_complex"),
    *("no_geometry", "not_watertight", "non_manifold", "inverted"),
    *("wrong_units", "nothing_to_rest_on"),
    *("archive_encrypted", "archive_damaged", "archive_too_large", "archive_no_reader", "archive_left_out"),
)
# Reasons of a failed analysis that are problems of a kind of their own; any other is an unreadable file.
_KIND_OF_ERROR: Final = {name: name for name in ("too_complex", "truncated", "no_geometry")} | {
    "too_large_to_unpack": "too_complex"
}
# How bad it is that not all of an archive is shown, by the reason.
_SEVERITY_OF_LISTING: Final = {
    "encrypted": "warning",
    "damaged": "error",
    "too_large": "warning",
    "no_reader": "warning",
    "left_out": "info",
}
_LEAST_CONTACT_MM2: Final = 1.0
_LEAST_SHARE_OF_BOX: Final = 0.01


@dataclass(frozen=True, slots=True)
class FileFacts:
    """The columns of ModelFile that findings look at: `FileFacts(**values)` of `ModelFile.objects.values(*FACT_NAMES)`."""

    size_bytes: int
    kind: str
    missing_since: datetime | None
    binned_at: datetime | None
    archive_id: int | None
    listing_error_code: str
    listing_error: str
    analysis_state: str
    analysis_error_code: str
    analysis_error: str
    triangle_count: int | None
    is_watertight: bool | None
    is_closed_within_tolerance: bool | None
    boundary_edge_count: int | None
    nonmanifold_edge_count: int | None
    hole_count: int | None
    body_count: int | None
    inverted_body_count: int | None
    size_x_mm: float | None
    size_y_mm: float | None
    size_z_mm: float | None
    suspected_unit: str
    bed_contact_mm2: float | None


FACT_NAMES: Final = tuple(field.name for field in fields(FileFacts))


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to tell about a file. `kind` is stable, `severity` one of info, warning, error, `sentence` for people."""

    kind: str
    severity: str
    sentence: str


def findings_of(facts: FileFacts) -> list[Finding]:
    """Return what there is to say about a file; an empty list if all is well or nothing is known yet.

    A file that is missing or empty has no other findings: they would say the same again. Of files that went with their
    archive, or out of it, the archive tells. Of what is in the bin there is nothing to say.
    """
    if facts.binned_at is not None:
        return []
    if facts.missing_since is not None:
        if facts.archive_id is not None:
            return []
        sentence = "The file was not there at the last scan. Put it back, or scan again if its disk was away."
        return [Finding("missing", "error", sentence)]
    if facts.size_bytes == 0:
        return [Finding("empty_file", "error", "The file is empty (0 bytes). Copy or download it again.")]
    if code := facts.listing_error_code:
        return [Finding(f"archive_{code}", _SEVERITY_OF_LISTING.get(code, "warning"), facts.listing_error)]
    if facts.analysis_state == "failed":
        kind = _KIND_OF_ERROR.get(facts.analysis_error_code, "unreadable")
        severity = "warning" if kind == "no_geometry" else "error"
        return [Finding(kind, severity, facts.analysis_error or "The file could not be read.")]
    if facts.analysis_state == "done" and facts.kind == "mesh" and facts.triangle_count is not None:
        return list(_findings_of_mesh(facts))
    return []


def _findings_of_mesh(facts: FileFacts) -> Iterator[Finding]:
    if facts.triangle_count == 0:
        yield Finding("no_geometry", "warning", "The file opens, but there is no shape in it.")
        return
    if facts.is_watertight is False and not facts.is_closed_within_tolerance:
        yield Finding("not_watertight", "warning", _not_watertight(facts))
    if edges := facts.nonmanifold_edge_count:
        sentence = (
            f"{_count(edges, 'edge')} {_are(edges)} shared by more than two faces. Most slicers cope; "
            "repair the mesh if layers look wrong."
        )
        yield Finding("non_manifold", "warning", sentence)
    if bodies := facts.inverted_body_count:
        which = (
            "The mesh is"
            if facts.body_count in {None, 1}
            else f"{_count(bodies, 'body', 'bodies')} {_are(bodies)}"
        )
        yield Finding(
            "inverted", "warning", f"{which} inside out: its faces point inwards. Flip the normals."
        )
    if facts.suspected_unit:
        yield Finding("wrong_units", "warning", _wrong_units(facts))
    elif _has_nothing_to_rest_on(facts):
        sentence = (
            f"As it lies it touches the bed with only {facts.bed_contact_mm2:.2g} mm². "
            "Turn it onto a flat side, or print it with supports."
        )
        yield Finding("nothing_to_rest_on", "info", sentence)


def _not_watertight(facts: FileFacts) -> str:
    edges, holes = facts.boundary_edge_count or 0, facts.hole_count or 0
    if not edges:
        return "The mesh is not watertight, so its volume is approximate. Repair it before printing."
    where = f" around {_count(holes, 'hole')}" if holes else ""
    return f"The mesh is not watertight: {_count(edges, 'open edge')}{where}. Repair it before printing."


def _wrong_units(facts: FileFacts) -> str:
    """Say how small the mesh is, and how large it would be in the unit that its numbers look like."""
    plural, factor = {"inch": ("inches", 25.4), "meter": ("meters", 1000.0)}[facts.suspected_unit]
    sizes = [facts.size_x_mm or 0.0, facts.size_y_mm or 0.0, facts.size_z_mm or 0.0]
    here, there = (" × ".join(f"{size * scale:.3g}" for size in sizes) for scale in (1.0, factor))
    return (
        f"The mesh is only {here} mm; its numbers look like {plural}. If they are, it is {there} mm: "
        f"scale it by {factor:g} in the slicer."
    )


def _has_nothing_to_rest_on(facts: FileFacts) -> bool:
    """Whether less than 1 mm² touches the bed, and less than 1 % of the box: small parts may rest on little."""
    if facts.bed_contact_mm2 is None or facts.size_x_mm is None or facts.size_y_mm is None:
        return False
    return facts.bed_contact_mm2 < min(
        _LEAST_CONTACT_MM2, _LEAST_SHARE_OF_BOX * facts.size_x_mm * facts.size_y_mm
    )


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"
