"""The table of sliced formats: extension to the reader of their facts."""

from collections.abc import Callable
from typing import BinaryIO, Final

from models3d.sliced import plates, resin
from models3d.sliced.bgcode import FILE_METADATA, METADATA, iter_blocks
from models3d.sliced.ends import comments_of
from models3d.sliced.facts import SlicerFacts
from models3d.sliced.filament import facts_from
from models3d.sliced.notes import SLICER, notes_of
from models3d.sliced.values import name


def _read_gcode(file: BinaryIO) -> SlicerFacts:
    return facts_from(notes_of(comments_of(file)))


def _read_bgcode(file: BinaryIO) -> SlicerFacts:
    notes: dict[str, str] = {}
    for block in iter_blocks(file):
        if block.type in METADATA and block.content:
            found = notes_of(block.content.splitlines())
            if block.type == FILE_METADATA and "producer" in found:
                found[SLICER] = name(found["producer"].partition("+")[0])
            notes = found | notes
    return facts_from(notes)


_READERS: Final[dict[Callable[[BinaryIO], SlicerFacts], str]] = {
    _read_gcode: "gcode gco g gx",
    _read_bgcode: "bgcode bgc",
    plates.read_sliced_3mf: "gcode.3mf 3mf",
    plates.read_ufp: "ufp",
    resin.read_sl1: "sl1 sl1s",
    resin.read_ctb: "ctb cbddlp photon",
    resin.read_goo: "goo",
}
_READER_BY_EXTENSION: Final = {
    extension: reader for reader, extensions in _READERS.items() for extension in extensions.split()
}


def may_hold_slicer_facts(extension: str) -> bool:
    """Whether files with this extension (lower case, no dot) may tell how they were sliced.

    >>> may_hold_slicer_facts("gcode"), may_hold_slicer_facts("lys")
    (True, False)
    """
    return extension in _READER_BY_EXTENSION


def slicer_facts_of(file: BinaryIO, extension: str) -> SlicerFacts:
    """What the slicer wrote into an open file; never more than a few megabytes of it are read.

    Raises the errors of models3d.meshes.errors if the file is not what its extension says.
    """
    return _READER_BY_EXTENSION[extension](file)
