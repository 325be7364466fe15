"""A worker that is killed at any point of a move leaves nothing that the next run, or a scan, does not bring to an end."""

import random
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from django.utils import timezone

from libraries.storage.moving import move_file
from models3d import changing
from models3d.changing import ChangeRefused
from models3d.models import FileChange, Model3D, ModelFile, Move
from tests.factories import CreatorFactory
from tests.integration.scanning.moving import Killed, assert_scan_finds_nothing, killed_before, tree_of, work
from tests.integration.scanning.shelf import Shelf

NOW = timezone.now
FILES = {"in/Dragon/body.stl": b"body", "in/Dragon/STLs/head.stl": b"head"}
_MOST_STATEMENTS = 200


@pytest.fixture
def kit(shelf: Shelf) -> Shelf:
    shelf.library.is_read_only = False
    shelf.library.save()
    for path, content in FILES.items():
        shelf.write(path, content=content)
    shelf.scan()
    return shelf


def _ask(kit: Shelf, what: str) -> FileChange:
    model = kit.model("in/Dragon")
    if what == "move":
        return changing.move_model(model, folder="out/Wyrm", by=None, now=NOW())
    if what == "return":
        kit.write("out/Wyrm/body.stl", content=b"in the way")  # the second file cannot be moved
        return changing.move_model(model, folder="out/Wyrm", by=None, now=NOW())
    changing.bin_models(kit.library, [model], by=None, now=NOW())
    if what == "bin":
        return FileChange.objects.latest("id")
    work()
    if what == "restore":
        return changing.restore(changing.binned().get(), by=None, now=NOW())
    return changing.empty(changing.binned(), by=None, now=NOW())[0]


@pytest.mark.parametrize("what", ["move", "return", "bin", "restore", "empty"])
def test_a_move_killed_before_any_statement_is_completed(kit: Shelf, what: str) -> None:
    ids = set(ModelFile.objects.values_list("pk", flat=True))
    change = _ask(kit, what)

    # Each run gets as far as one statement more than what was left of the change the last time.
    for statement in range(1, _MOST_STATEMENTS):
        with killed_before(statement) as killer:
            work(scans=False)
        if killer.left > 0:
            break
    work()

    change.refresh_from_db()
    assert change.state == FileChange.State.DONE
    contents = sorted(tree_of(kit).values())
    expected = [] if what == "empty" else sorted(FILES.values())
    assert contents == sorted([*expected, b"in the way"] if what == "return" else expected)
    assert what == "empty" or ids <= set(ModelFile.objects.values_list("pk", flat=True))
    if what == "return":
        kit.scan()  # finds the one in the way
    assert_scan_finds_nothing(kit)


@pytest.mark.parametrize("statement", range(20, 60, 4))
def test_a_scan_brings_a_move_that_was_cut_off_to_its_end_first(kit: Shelf, statement: int) -> None:
    _ask(kit, "move")
    with killed_before(statement):
        work(scans=False)

    scan = kit.scan()

    assert (scan.new_count, scan.missing_count, scan.moved_count) == (0, 0, 0)
    assert not Move.objects.filter(state="running").exists()


@pytest.mark.parametrize("is_after", [False, True])
def test_a_kill_right_before_or_after_the_disk_moved_a_file_is_no_loss(
    kit: Shelf, monkeypatch: pytest.MonkeyPatch, is_after: bool
) -> None:
    _ask(kit, "move")

    def cut(*args: Any, **kwargs: Any) -> None:
        if is_after:
            move_file(*args, **kwargs)
        raise Killed

    with monkeypatch.context() as patch, suppress(Killed):
        patch.setattr("libraries.storage.local.move_file", cut)
        work(scans=False)
    work()

    assert sorted(tree_of(kit)) == ["out/Wyrm/STLs/head.stl", "out/Wyrm/body.stl"]
    assert_scan_finds_nothing(kit)


@pytest.mark.parametrize("seed", [3, 14])
def test_no_content_is_ever_lost_whatever_happens(kit: Shelf, seed: int) -> None:
    chance = random.Random(seed)
    contents = set(FILES.values())

    def add(name: str) -> None:
        content = f"content {seed} {name}".encode()
        contents.add(content)
        kit.write(f"in/{name}/{name}.stl", content=content)

    for number in range(4):
        add(f"first{number}")
    kit.scan()
    for round_number in range(10):
        _something(kit, chance, add, round_number)
        if chance.random() < 0.6:
            with killed_before(chance.randrange(1, 80)):
                work()
        if chance.random() < 0.4:
            kit.scan()
        assert set(tree_of(kit).values()) == contents
    work()
    kit.scan()
    work()

    assert set(tree_of(kit).values()) == contents
    present = ModelFile.objects.present().values_list("relative_path", flat=True)
    assert set(present) == {path for path in tree_of(kit) if not path.startswith(".")}
    binned = ModelFile.objects.exclude(binned_at=None).values_list("relative_path", flat=True)
    assert set(binned) == {path for path in tree_of(kit) if path.startswith(".")}
    assert_scan_finds_nothing(kit)


def _something(kit: Shelf, chance: random.Random, add: Callable[[str], None], number: int) -> None:
    """One thing that people, or other programs, do."""
    models = list(Model3D.objects.present().order_by("pk"))
    things = list(changing.binned().order_by("pk"))
    choice = chance.randrange(6)
    with suppress(ChangeRefused):
        if choice == 0 and models:
            folder = f"moved/{chance.randrange(6)}"
            changing.move_model(chance.choice(models), folder=folder, by=None, now=NOW())
        elif choice == 1 and models:
            changing.bin_models(kit.library, [chance.choice(models)], by=None, now=NOW())
        elif choice == 2 and things:
            changing.restore(chance.choice(things), by=None, now=NOW())
        elif choice == 3:
            files = [path for path in tree_of(kit) if not path.startswith(".")]
            if files:
                path = kit.root / chance.choice(files)
                path.rename(path.with_name(f"outside{number}.stl"))
        elif choice == 4:
            add(f"new{number}")
        elif models:
            Model3D.objects.filter(pk=chance.choice(models).pk).update(creator=CreatorFactory())
            planned = changing.organize(
                kit.library, template="{creator}/{name}", model_ids=None, by=None, now=NOW()
            )
            work()
            changing.start(planned)
