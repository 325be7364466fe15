"""From resin files to facts: Prusa's SL1, the CTB family and Elegoo's GOO."""

from typing import BinaryIO, Final

from models3d.meshes.errors import NotThisFormat
from models3d.meshes.zipped import Zipped
from models3d.sliced.chitubox import read_resin_file
from models3d.sliced.facts import SlicerFacts
from models3d.sliced.goo import read_goo_header
from models3d.sliced.values import duration_seconds, name, number, text_of, whole

_CONFIG: Final = "config.ini"
_MOST_CONFIG_BYTES: Final = 1 << 20
_MOST_LAYERS: Final = 1_000_000


def read_sl1(file: BinaryIO) -> SlicerFacts:
    """Facts of an SL1 or SL1S; raises the errors of models3d.meshes.zipped."""
    package = Zipped(file, format_name="an SL1 file, which is a ZIP package")
    if _CONFIG not in package:
        raise NotThisFormat("This is a ZIP archive, but not an SL1 file: it holds no config.ini.")
    config = _assignments(package.read(_CONFIG, most_bytes=_MOST_CONFIG_BYTES))

    def text(key: str) -> str:
        return config.get(key, "")

    # Fading layers are among the fast and slow ones.
    layers = (whole(text("numFast"), most=_MOST_LAYERS) or 0) + (
        whole(text("numSlow"), most=_MOST_LAYERS) or 0
    )
    return SlicerFacts(
        slicer=name(text("prusaSlicerVersion").replace("-", " ", 1).partition("+")[0]),
        printer_name=name(text("printerModel") or text("printerProfile")),
        material=name(text("materialName")),
        layer_height_mm=number(text("layerHeight"), most=10),
        print_seconds=duration_seconds(text("printTime")),
        resin_ml=number(text("usedMaterial"), most=1e6),
        exposure_seconds=number(text("expTime"), most=1e5),
        layer_count=layers or None,
    )


def read_ctb(file: BinaryIO) -> SlicerFacts:
    """Facts of a CTB, CBDDLP or photon file; raises the errors of models3d.sliced.chitubox."""
    header = read_resin_file(file)
    return SlicerFacts(
        printer_name=name(text_of(header.printer_name)),
        layer_height_mm=_rounded(header.layer_height_mm, most=10),
        print_seconds=duration_seconds(str(header.print_seconds)),
        resin_ml=_rounded(header.resin_ml, most=1e6),
        exposure_seconds=_rounded(header.exposure_seconds, most=1e5),
        layer_count=header.layer_count or None,
    )


def read_goo(file: BinaryIO) -> SlicerFacts:
    """Facts of a GOO file; raises the errors of models3d.sliced.goo. The unit of its volume is not settled: left out."""
    header = read_goo_header(file)
    return SlicerFacts(
        slicer=name(f"{text_of(header.slicer)} {text_of(header.slicer_version)}"),
        printer_name=name(text_of(header.printer_name)),
        material=name(text_of(header.material)),
        layer_height_mm=_rounded(header.layer_height_mm, most=10),
        print_seconds=duration_seconds(str(header.print_seconds)),
        exposure_seconds=_rounded(header.exposure_seconds, most=1e5),
        layer_count=whole(str(header.layer_count), most=_MOST_LAYERS),
    )


def _rounded(value: float | None, *, most: float) -> float | None:
    """A 32-bit number without the digits that it never had."""
    return round(value, 4) if value is not None and 0 < value <= most else None


def _assignments(text: bytes) -> dict[str, str]:
    pairs = (line.partition("=") for line in text_of(text).splitlines())
    return {key.strip(): value.strip() for key, is_pair, value in pairs if is_pair}
