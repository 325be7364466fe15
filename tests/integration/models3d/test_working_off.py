"""Files that wait are hashed, measured and pictured; whatever is wrong with one is told on its row, and the others go on."""

import os
import signal
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from libraries.models import Library
from models3d import analysis, previews, working_off
from models3d.models import Model3D, ModelFile, Preview
from models3d.sandbox.pool import SandboxPool
from tests.factories import LibraryFactory, Model3DFactory, ModelFileFactory
from tests.unit.models3d.solids import binary_stl, cube, mesh_xml, sphere, threemf
from tests.unit.models3d.test_sandbox import children, wait_until_busy

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def library(tmp_path: Path, settings: Settings) -> Library:
    settings.PREVIEWS_DIR = tmp_path / "previews"
    root = tmp_path / "library"
    root.mkdir()
    library: Library = LibraryFactory(path=str(root))
    return library


def box(x: float, y: float, z: float) -> bytes:
    return binary_stl(cube(1.0) * (x, y, z))


def put(library: Library, name: str, content: bytes, **columns: object) -> ModelFile:
    """A file on disk and its row, as a scan leaves it."""
    path = Path(library.path) / name
    path.write_bytes(content)
    model = Model3DFactory(library=library, name=name)
    kind = "mesh" if name.endswith(".stl") else "other"
    extension = name.rpartition(".")[2]
    file: ModelFile = ModelFileFactory(
        model=model, relative_path=name, extension=extension, kind=kind, size_bytes=len(content), **columns
    )
    return file


def work_off(library: Library) -> None:
    working_off.work_off(library_ids=[library.pk], threads=1)


def test_mesh_gets_hash_facts_picture_and_light_mesh(library: Library) -> None:
    file = put(library, "box.stl", box(10, 20, 30))

    work_off(library)

    file.refresh_from_db()
    assert file.analysis_state == "done"
    assert len(file.sha256) == 64
    assert (file.triangle_count, file.size_x_mm, file.size_y_mm, file.size_z_mm) == (12, 10, 20, 30)
    assert file.volume_mm3 == pytest.approx(6000)
    assert file.is_watertight is True
    assert len(file.shape_invariants or []) == 17
    assert file.shape is not None
    assert set(Preview.objects.values_list("form", flat=True)) == {"picture", "light_mesh"}
    for name in previews.NAMES:
        assert previews.preview_path(file.sha256, name).stat().st_size > 100
    assert Model3D.objects.get().cover_sha256 == file.sha256


def test_other_files_are_hashed_only(library: Library) -> None:
    file = put(library, "notes.xyz", b"whatever")

    work_off(library)

    file.refresh_from_db()
    assert (file.analysis_state, len(file.sha256), file.triangle_count) == ("done", 64, None)


def test_damaged_file_says_why_and_the_next_one_is_done(library: Library) -> None:
    bad = put(library, "bad.stl", b"not a mesh at all, but long enough to be looked at" * 3)
    good = put(library, "good.stl", box(1, 1, 1))

    work_off(library)

    bad.refresh_from_db()
    good.refresh_from_db()
    assert bad.analysis_state == "failed"
    assert bad.analysis_error_code
    assert bad.analysis_error.endswith(".")
    assert good.analysis_state == "done"


def test_empty_file_says_that_it_is_empty(library: Library) -> None:
    file = put(library, "empty.stl", b"")

    work_off(library)

    file.refresh_from_db()
    assert (file.analysis_state, file.analysis_error_code) == ("failed", "empty")


def test_known_content_is_not_computed_again(library: Library) -> None:
    content = box(1, 2, 3)
    put(library, "first.stl", content)
    work_off(library)
    picture = previews.preview_path(ModelFile.objects.get().sha256, previews.PICTURE)
    made_at = picture.stat().st_mtime_ns

    copy = put(library, "second.stl", content)
    work_off(library)

    copy.refresh_from_db()
    assert (copy.analysis_state, copy.triangle_count, copy.size_z_mm) == ("done", 12, 3)
    assert copy.shape == ModelFile.objects.get(relative_path="first.stl").shape
    assert picture.stat().st_mtime_ns == made_at
    assert Preview.objects.count() == 2


def test_vanished_file_is_given_up_after_three_tries(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(analysis, "RETRY_AFTER", timedelta(0))
    file = put(library, "gone.stl", b"x")
    (Path(library.path) / "gone.stl").unlink()

    work_off(library)

    file.refresh_from_db()
    assert (file.analysis_state, file.analysis_error_code, file.analysis_attempts) == (
        "failed",
        "unreadable",
        3,
    )
    assert "gone.stl" in file.analysis_error


def test_picture_that_cannot_be_stored_is_tried_again(
    library: Library, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(analysis, "RETRY_AFTER", timedelta(0))
    file = put(library, "box.stl", box(1, 2, 3))
    in_the_way = Path(library.path) / "no folder"
    in_the_way.write_bytes(b"")
    settings.PREVIEWS_DIR = in_the_way

    work_off(library)

    file.refresh_from_db()
    assert (file.analysis_state, file.analysis_attempts) == ("failed", 3)
    assert file.analysis_error.startswith("Its preview could not be stored")


def test_file_whose_child_was_killed_waits_for_another_try(library: Library) -> None:
    many = '<item objectid="1"/>' * 9000
    file = put(library, "slow.3mf", threemf(mesh_xml(sphere(rings=40)), many), analysis_attempts=1)
    pool, before = SandboxPool(), children()

    def analyze() -> None:
        analysis.analyze(file, pool=pool, now=timezone.now())
        connection.close()

    thread = Thread(target=analyze)
    thread.start()
    os.kill(wait_until_busy(before), signal.SIGKILL)
    thread.join()
    pool.close()

    file.refresh_from_db()
    assert (file.analysis_state, file.analysis_error) == ("pending", "")
    assert file.analysis_claimed_until


def test_file_that_ended_its_worker_three_times_is_left_alone(library: Library) -> None:
    long_ago = timezone.now() - timedelta(hours=1)
    file = put(library, "killer.stl", b"x", analysis_attempts=3, analysis_claimed_until=long_ago)

    work_off(library)

    file.refresh_from_db()
    assert (file.analysis_state, file.analysis_error_code) == ("failed", "gave_up")


def test_file_held_by_another_worker_is_left_to_it(library: Library) -> None:
    soon = timezone.now() + timedelta(hours=1)
    file = put(library, "held.stl", b"x", analysis_claimed_until=soon)

    working_off.work_for(seconds=5, threads=1)

    file.refresh_from_db()
    assert (file.analysis_state, file.analysis_claimed_until) == ("pending", soon)


def test_lease_of_a_dead_worker_runs_out(library: Library) -> None:
    file = put(library, "box.stl", box(1, 1, 1), analysis_claimed_until=timezone.now())

    working_off.work_for(seconds=30, threads=1)

    file.refresh_from_db()
    assert (file.analysis_state, file.analysis_claimed_until, file.analysis_attempts) == ("done", None, 1)


def test_result_is_not_stored_over_a_row_that_a_scan_reset_meanwhile(library: Library) -> None:
    claimed_until = timezone.now() + timedelta(minutes=5)
    held = put(library, "box.stl", box(1, 1, 1), analysis_claimed_until=claimed_until)
    ModelFile.objects.filter(pk=held.pk).update(analysis_claimed_until=None, size_bytes=1)

    analysis.give_up(held, now=timezone.now())

    held.refresh_from_db()
    assert (held.analysis_state, held.are_problems_stale) == ("pending", False)


def test_name_that_is_no_utf8_is_read(library: Library) -> None:
    content = box(1, 1, 1)
    Path(os.fsdecode(os.fsencode(library.path) + b"/caf\xe9.stl")).write_bytes(content)
    model = Model3DFactory(library=library)
    file = ModelFileFactory(model=model, relative_path="caf\U0010ffe9.stl", size_bytes=len(content))

    work_off(library)

    file.refresh_from_db()
    assert file.analysis_state == "done"


def test_progress_ends_with_everything_done(library: Library) -> None:
    for number in range(3):
        put(library, f"{number}.xyz", b"%d" % number)
    seen: list[working_off.Progress] = []

    working_off.work_off(library_ids=[library.pk], threads=1, progress=seen.append)

    assert not ModelFile.objects.waiting().exists()
    assert all(one.done_count + one.waiting_count == 3 for one in seen)


def test_stopping_gives_claimed_files_back(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    stopping = Event()
    monkeypatch.setattr(working_off._Shared, "stopping", stopping)
    for number in range(4):
        put(library, f"{number}.xyz", b"%d" % number)
    analyze = analysis.analyze

    def analyze_and_be_told_to_stop(*args: Any, **kwargs: Any) -> None:
        analyze(*args, **kwargs)
        working_off.stop()

    monkeypatch.setattr(analysis, "analyze", analyze_and_be_told_to_stop)

    working_off.work_for(seconds=30, threads=1)

    assert sorted(ModelFile.objects.values_list("analysis_state", "analysis_claimed_until")) == [
        ("done", None),
        ("pending", None),
        ("pending", None),
        ("pending", None),
    ]
