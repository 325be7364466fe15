"""The slicers that open a file by a link, and the link of each.

What each of them takes was told by its makers' issues, as of 2026:
OrcaSlicer (OrcaSlicer/OrcaSlicer#8304), Bambu Studio, with another form on a Mac (bambulab/BambuStudio#9543), Cura
(Ultimaker/Cura#17547), Lychee, and SuperSlicer in the manner of the family (Open-Resin-Alliance/DragonFruit#173,
manyfold3d/manyfold#3925). PrusaSlicer opens links to a few public sites only (prusa3d/PrusaSlicer#13752, #14313: not planned):
for it, and for any other, the file is downloaded.
"""

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

_MESHES: Final = ("stl", "3mf", "obj", "step", "stp", "amf", "ply")


@dataclass(frozen=True, slots=True)
class Slicer:
    """A slicer by its short name. `link` and `mac_link` have the quoted address of the file at `{}`."""

    name: str
    label: str
    link: str
    mac_link: str = ""


SLICERS: Final = {
    slicer.name: slicer
    for slicer in (
        Slicer("orca", "OrcaSlicer", "orcaslicer://open?file={}"),
        Slicer("bambu", "Bambu Studio", "bambustudio://open?file={}", "bambustudioopen://{}"),
        Slicer("cura", "Cura", "cura://open?file={}"),
        Slicer("super", "SuperSlicer", "superslicer://open?file={}"),
        Slicer("lychee", "Lychee Slicer", "lycheeslicer://open/{}"),
    )
}
SCHEMES: Final = tuple(
    link.partition(":")[0] for slicer in SLICERS.values() for link in (slicer.link, slicer.mac_link) if link
)


def slicer_link(slicer: Slicer, *, address: str, is_mac: bool) -> str:
    """What the browser opens to have `slicer` fetch the file at `address`.

    >>> slicer_link(SLICERS["cura"], address="http://shelf/a b.stl", is_mac=True)
    'cura://open?file=http%3A%2F%2Fshelf%2Fa%20b.stl'
    """
    form = slicer.mac_link if is_mac and slicer.mac_link else slicer.link
    return form.format(quote(address, safe=""))


def slicers_for(extension: str) -> list[Slicer]:
    """The slicers that open files of this type.

    >>> len(slicers_for("stl")), slicers_for("png")
    (5, [])
    """
    return list(SLICERS.values()) if extension in _MESHES else []
