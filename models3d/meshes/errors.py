"""Why a file could not be read, each reason with a sentence for the person who owns the file."""

from typing import ClassVar


class UnreadableFile(Exception):
    """A file that gives no geometry (or no picture). `sentence` says what happened and what to do.

    Trying again does not help unless the file changes; `code` is stable and meant for filters and icons.
    """

    code: ClassVar[str] = "damaged"

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class EmptyFile(UnreadableFile):
    """There is not one byte in it."""

    code = "empty"


class Truncated(UnreadableFile):
    """It ends before what it announces: an interrupted download, copy or export."""

    code = "truncated"


class NotThisFormat(UnreadableFile):
    """Its content is not what its name says."""

    code = "not_this_format"


class TooComplex(UnreadableFile):
    """Reading it would pass a limit of size, time or memory; the sentence has the figure."""

    code = "too_complex"


class Damaged(UnreadableFile):
    """It is of the right format, but contradicts itself."""

    code = "damaged"


class Encrypted(UnreadableFile):
    """It is locked with a password."""

    code = "encrypted"


class Unsupported(UnreadableFile):
    """A sound file that needs something Layershelf does not do."""

    code = "unsupported"


class NoGeometry(UnreadableFile):
    """A sound file without a single triangle."""

    code = "no_geometry"
