"""What can be wrong with an archive or a file in it, worded for the person who looks."""

from typing import ClassVar


class ArchiveError(Exception):
    """Something about an archive. The text is a sentence for the user; `code` is what programs go by."""

    code: ClassVar[str] = "damaged"


class Damaged(ArchiveError):
    """The bytes are not what the format says. Trying again does not help; another copy may."""


class Locked(ArchiveError):
    """A password is needed."""

    code = "encrypted"


class TooLarge(ArchiveError):
    """A limit is passed; the sentence has the figure."""

    code = "too_large"


class NoReader(ArchiveError):
    """Nothing on this machine can read such an archive. Installing what the sentence names helps."""

    code = "no_reader"


class NotThere(ArchiveError):
    """No file of that path is in the archive (any more)."""

    code = "gone"
