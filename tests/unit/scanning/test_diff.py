"""When a scan had better not be believed."""

from hypothesis import given
from hypothesis import strategies as st

from scanning.diff import Diff, why_refused


def test_an_empty_folder_that_held_files_is_refused_however_few_they_were() -> None:
    assert "is empty, but it held 3 files" in why_refused(
        Diff(found=0, known=3, missing=3), is_other_device=False
    )


def test_an_empty_folder_that_always_was_is_fine() -> None:
    assert why_refused(Diff(), is_other_device=False) == ""


def test_half_may_go_but_not_more() -> None:
    assert why_refused(Diff(found=50, known=100, missing=50), is_other_device=False) == ""
    assert "51 of 100" in why_refused(Diff(found=49, known=100, missing=51), is_other_device=False)


def test_most_of_a_handful_may_go() -> None:
    assert why_refused(Diff(found=1, known=9, missing=8), is_other_device=False) == ""


def test_another_disk_is_named_as_the_likely_reason() -> None:
    assert "another disk" in why_refused(Diff(found=5, known=100, missing=95), is_other_device=True)
    assert why_refused(Diff(found=100, known=100), is_other_device=True) == ""


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_new_files_alone_are_never_refused(known: int, new: int) -> None:
    assert why_refused(Diff(found=known + new, known=known, new=new), is_other_device=False) == ""
