"""Problems are raised, reworded and cleared as the facts of files change."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from models3d.models import ModelFile
from scanning.models import Problem
from scanning.problems import settle, settle_all
from tests.factories import ModelFileFactory, ProblemFactory
from tests.integration.scanning.shelf import Shelf

pytestmark = pytest.mark.django_db


def _stale(**facts: object) -> ModelFile:
    return ModelFileFactory(are_problems_stale=True, analysis_state="done", triangle_count=12, **facts)


def test_findings_become_problems_of_file_model_and_library() -> None:
    file = _stale(is_watertight=False, boundary_edge_count=3, nonmanifold_edge_count=2)

    assert settle_all() == 1

    problems = Problem.objects.order_by("kind")
    assert [problem.kind for problem in problems] == ["non_manifold", "not_watertight"]
    assert {(p.file, p.model, p.library) for p in problems} == {(file, file.model, file.library)}
    assert not ModelFile.objects.filter(are_problems_stale=True).exists()


def test_what_is_mended_is_cleared_and_other_kinds_stay() -> None:
    file = _stale(is_watertight=True)
    ProblemFactory(file=file, kind="not_watertight")
    ProblemFactory(file=file, kind="duplicate")

    settle_all()

    assert [problem.kind for problem in Problem.objects.all()] == ["duplicate"]


def test_a_problem_that_goes_on_keeps_its_row_and_that_it_is_ignored() -> None:
    file = _stale(is_watertight=False, boundary_edge_count=3)
    old = ProblemFactory(
        file=file, kind="not_watertight", sentence="Old.", ignored_at=file.library.created_at
    )

    settle_all()

    problem = Problem.objects.get()
    assert (problem.pk, problem.ignored_at) == (old.pk, old.ignored_at)
    assert "3 open edges" in problem.sentence


def test_files_without_a_model_have_problems_too() -> None:
    file = _stale()
    ModelFile.objects.filter(pk=file.pk).update(model=None, size_bytes=0)

    settle_all()
    ModelFile.objects.filter(pk=file.pk).update(are_problems_stale=True)
    settle_all()

    assert Problem.objects.get().kind == "empty_file"


def test_queries_do_not_grow_with_files() -> None:
    for _ in range(3):
        _stale(is_watertight=False)
    with CaptureQueriesContext(connection) as few:
        settle(100)
    for _ in range(30):
        _stale(is_watertight=False)
    with CaptureQueriesContext(connection) as many:
        settle(100)

    assert len(few) == len(many)


def test_a_scan_raises_and_clears_missing_and_empty(shelf: Shelf) -> None:
    shelf.write("a.stl", "b.stl")
    shelf.write("empty.stl", content=b"")
    shelf.scan()
    settle_all()
    first = set(Problem.objects.values_list("file__relative_path", "kind"))

    (shelf.root / "a.stl").rename(shelf.root.parent / "a.stl")
    shelf.write("empty.stl")
    shelf.scan()
    settle_all()
    second = set(Problem.objects.values_list("file__relative_path", "kind"))

    (shelf.root.parent / "a.stl").rename(shelf.root / "a.stl")
    shelf.scan()
    settle_all()

    assert first == {("empty.stl", "empty_file")}
    assert second == {("a.stl", "missing")}
    assert not Problem.objects.exists()
