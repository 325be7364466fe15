"""The kinds of file a library holds, told by file name alone."""

from dataclasses import dataclass
from typing import Final, Literal

KindName = Literal["mesh", "cad", "sliced", "image", "video", "document", "archive", "other"]


@dataclass(frozen=True, slots=True)
class Kind:
    """What a file is for, and the lucide icon that stands for it where there is no picture."""

    name: KindName
    icon: str
    label: str


MESH: Final = Kind("mesh", "box", "Mesh")
CAD: Final = Kind("cad", "file-cog", "CAD")
SLICED: Final = Kind("sliced", "printer", "Sliced")
IMAGE: Final = Kind("image", "image", "Image")
VIDEO: Final = Kind("video", "film", "Video")
DOCUMENT: Final = Kind("document", "file-text", "Document")
ARCHIVE: Final = Kind("archive", "file-archive", "Archive")
OTHER: Final = Kind("other", "file", "Other")

KINDS: Final = (MESH, CAD, SLICED, IMAGE, VIDEO, DOCUMENT, ARCHIVE, OTHER)

_EXTENSIONS: Final[dict[Kind, str]] = {
    MESH: "stl 3mf obj ply off glb gltf amf dae fbx 3ds wrl x3d x3dv vrml lwo ctm blend",
    CAD: (
        "step stp stpz iges igs brep brp fcstd f3d f3z scad sldprt sldasm slddrw ipt iam catpart catproduct "
        "prt asm par psm x_t x_b sat sab 3dm dwg dxf skp shapr c4d max ma mb jt 123dx"
    ),
    SLICED: (
        "gcode gco g gx nc bgcode bgc gcode.3mf ufp x3g makerbot 3w sl1 sl1s ctb cbddlp photon photons phz "
        "pwmo pwmx pwms pwma pw0 pws pwmb dlp lgs lgs30 goo lys lyt chitubox fdg zcode zcodex cws prz"
    ),
    IMAGE: "png jpg jpeg jpe jfif webp gif avif svg heic heif bmp tif tiff tga ico jxl jp2 psd",
    VIDEO: "mp4 m4v mov webm mkv avi mpg mpeg wmv 3gp ogv",
    DOCUMENT: (
        "pdf md markdown txt rst rtf html htm doc docx odt ods xls xlsx csv ppt pptx odp epub pages "
        "json yaml yml"
    ),
    ARCHIVE: "zip rar 7z tar tgz tar.gz tbz2 tar.bz2 txz tar.xz tar.zst gz bz2 xz zst",
}

_KIND_BY_EXTENSION: Final[dict[str, Kind]] = {
    extension: kind for kind, extensions in _EXTENSIONS.items() for extension in extensions.split()
}

_PAPERS_WITHOUT_EXTENSION: Final = frozenset(
    {"readme", "license", "licence", "copying", "changelog", "notice", "authors"}
)


def extension_of(name: str) -> str:
    """The lower-case extension without its dot, compound ones whole; empty where there is none.

    >>> extension_of("parts/Dragon.STL"), extension_of("plate.gcode.3mf"), extension_of("a.b.tar.gz")
    ('stl', 'gcode.3mf', 'tar.gz')
    >>> extension_of("LICENSE"), extension_of(".hidden"), extension_of("v1.2/part")
    ('', '', '')
    """
    base = name.rsplit("/", 1)[-1].lower().lstrip(".")
    pieces = base.rsplit(".", 2)
    if len(pieces) == 3 and f"{pieces[1]}.{pieces[2]}" in _KIND_BY_EXTENSION:
        return f"{pieces[1]}.{pieces[2]}"
    return pieces[-1] if len(pieces) > 1 else ""


def kind_of(name: str) -> Kind:
    """The kind of the file called `name` (a bare name or a path with "/"), whatever its case.

    >>> kind_of("Benchy.STL").name, kind_of("cube.gcode.3mf").name, kind_of("notes").name
    ('mesh', 'sliced', 'other')
    """
    extension = extension_of(name)
    if extension:
        return _KIND_BY_EXTENSION.get(extension, OTHER)
    return DOCUMENT if name.rsplit("/", 1)[-1].lower() in _PAPERS_WITHOUT_EXTENSION else OTHER


def extensions_of(kind: str) -> list[str]:
    """Every extension of the kind with this name; none for a word that is no kind.

    >>> extensions_of("archive")[:3], extensions_of("dragon")
    (['zip', 'rar', '7z'], [])
    """
    return [extension for extension, found in _KIND_BY_EXTENSION.items() if found.name == kind]


def is_model_file(name: str) -> bool:
    """Whether a folder that directly holds a file of this name is taken for a model.

    Pictures, papers and archives accompany a model; they do not make one.

    >>> is_model_file("lid.step"), is_model_file("lid.png")
    (True, False)
    """
    return kind_of(name) in (MESH, CAD, SLICED)
