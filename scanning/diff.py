"""What a scan found compared with what the rows say, in numbers; and whether that may be believed. Pure."""

from dataclasses import dataclass
from typing import Final

# Below this number of known files, losing most of them is everyday life and not an unmounted disk.
_FEW: Final = 10


@dataclass(slots=True)
class Diff:
    """Counts of one comparison. `known` counts the files that the rows had as present before it."""

    found: int = 0
    known: int = 0
    new: int = 0
    changed: int = 0
    moved: int = 0
    missing: int = 0
    returned: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether the rows agree with the files already."""
        return not (self.new or self.changed or self.moved or self.missing or self.returned)


def why_refused(diff: Diff, *, is_other_device: bool, is_bucket: bool = False) -> str:
    """Return the sentence why the rows had better stay as they are, or an empty text if the scan may go on.

    >>> why_refused(Diff(found=40, known=40, missing=3, new=3), is_other_device=False)
    ''
    >>> why_refused(Diff(found=10, known=100, missing=90), is_other_device=False)
    '90 of 100 files would go missing. If that is right, confirm the scan; nothing was changed.'
    """
    if diff.missing and not diff.found and is_bucket:
        return (
            f"The bucket has nothing at this prefix, but it held {diff.known:,} files at the last scan. If it is meant to be "
            "empty, confirm the scan; nothing was changed."
        )
    if diff.missing and not diff.found:
        return (
            f"The folder is empty, but it held {diff.known:,} files at the last scan. Is its disk mounted? "
            "If it is meant to be empty, confirm the scan; nothing was changed."
        )
    if diff.missing * 2 <= diff.known or diff.known < _FEW:
        return ""
    most = f"{diff.missing:,} of {diff.known:,} files would go missing"
    if is_other_device:
        return (
            f"The folder is on another disk than at the last scan, and {most}. Is the right disk mounted? "
            "If so, confirm the scan; nothing was changed."
        )
    return f"{most}. If that is right, confirm the scan; nothing was changed."
