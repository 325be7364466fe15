"""Locks between the processes of one data folder."""

import os
from pathlib import Path

from config.runtime.locks import Lock


def test_only_one_takes_a_lock_and_the_other_learns_who(tmp_path: Path) -> None:
    first, second = Lock(tmp_path / "lock"), Lock(tmp_path / "lock")

    taken = [first.take("up 1"), second.take("up 2")]

    assert taken == [True, False]
    assert second.holder() == "up 1"


def test_a_closed_lock_may_be_taken_by_another(tmp_path: Path) -> None:
    first, second = Lock(tmp_path / "lock"), Lock(tmp_path / "lock")
    first.take("a holder with a long name")

    first.close()

    assert second.take("next")
    assert second.holder() == "next"


def test_sharers_keep_others_from_taking_the_lock(tmp_path: Path) -> None:
    sharers = [Lock(tmp_path / "lock"), Lock(tmp_path / "lock")]
    for sharer in sharers:
        sharer.share()

    assert not Lock(tmp_path / "lock").take("alone")


def test_a_lock_outlives_its_taker_in_a_forked_child(tmp_path: Path) -> None:
    lock = Lock(tmp_path / "lock")
    lock.take("parent")
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(write_end)
        os.read(read_end, 1)  # until the parent closes its end
        os._exit(0)
    lock.close()

    while_child_lives = Lock(tmp_path / "lock").take("other")
    os.close(write_end)
    os.waitpid(child, 0)

    assert not while_child_lives
    assert Lock(tmp_path / "lock").take("other")
