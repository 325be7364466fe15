"""What a child can do with a file, told by its extension alone; loads nothing that could do it."""

from typing import Literal

from models3d.embedded.finding import may_carry_pictures
from models3d.kinds import CAD, IMAGE, kind_of
from models3d.meshes.formats import is_readable
from models3d.rasterizing.formats import is_drawn
from models3d.sliced.reading import may_hold_slicer_facts

Duty = Literal["image", "drawing", "mesh", "package"]


def duty_of(extension: str) -> Duty:
    """How a file with this extension (lower case, no dot) is to be worked on; "mesh" where nothing is known of it.

    >>> duty_of("stl"), duty_of("png"), duty_of("svg"), duty_of("gcode"), duty_of("fbx")
    ('mesh', 'image', 'drawing', 'package', 'mesh')
    """
    if is_drawn(extension):
        return "drawing"
    if kind_of(f"file.{extension}") is IMAGE:
        return "image"
    if not is_readable(extension) and (may_hold_slicer_facts(extension) or may_carry_pictures(extension)):
        return "package"
    return "mesh"


def is_worth_opening(extension: str) -> bool:
    """Whether anything can be told of such a file beyond its size and hash.

    >>> is_worth_opening("bgcode"), is_worth_opening("scad")
    (True, False)
    """
    return duty_of(extension) != "mesh" or is_readable(extension)


def may_corrupt_memory(extension: str) -> bool:
    """Whether a bad file of this kind may leave its child unfit for the next file, as Open CASCADE was seen to do.

    >>> may_corrupt_memory("step"), may_corrupt_memory("stl")
    (True, False)
    """
    return kind_of(f"file.{extension}") is CAD
