"""From sliced 3MFs (Bambu Studio, OrcaSlicer) and Cura's UFP to facts: a list of plates, and G-code for the rest."""

import re
from dataclasses import dataclass, field, replace
from typing import BinaryIO, Final
from xml.parsers import expat

from models3d.meshes.errors import Damaged, NotThisFormat
from models3d.meshes.safe_xml import safe_parser
from models3d.meshes.zipped import Zipped
from models3d.sliced.ends import comments_in
from models3d.sliced.facts import SlicerFacts
from models3d.sliced.filament import facts_from
from models3d.sliced.notes import notes_of
from models3d.sliced.values import duration_seconds, name, number

_SLICE_INFO: Final = "Metadata/slice_info.config"
_MOST_INFO_BYTES: Final = 4 << 20
_GCODE_HEAD_BYTES: Final = 1 << 18
_MOST_PLATES: Final = 1_000
_PLATE_GCODE: Final = re.compile(r"Metadata/plate_(\d+)\.gcode", re.ASCII)


@dataclass(slots=True)
class _Plates:
    """What the list of plates adds up to."""

    count: int = 0
    seconds: int = 0
    grams: float = 0.0
    meters: float = 0.0
    nozzle_mm: float | None = None
    materials: dict[str, None] = field(default_factory=dict)


def read_sliced_3mf(file: BinaryIO) -> SlicerFacts:
    """Facts of a 3MF that holds G-code; without any, those of its plates. Raises the errors of models3d.meshes.zipped."""
    package = Zipped(file, format_name="a 3MF file")
    gcodes = [match for path in package.names() if (match := _PLATE_GCODE.fullmatch(path))]
    plates = _Plates()
    if _SLICE_INFO in package:
        plates = _plates_in(package.read(_SLICE_INFO, most_bytes=_MOST_INFO_BYTES))
    if not gcodes and not plates.seconds:
        return SlicerFacts()
    facts = _facts_of_gcode(package, gcodes[0].group()) if gcodes else SlicerFacts()
    return replace(
        facts,
        material=name(" + ".join(plates.materials)) or facts.material,
        print_seconds=duration_seconds(str(plates.seconds)) or facts.print_seconds,
        nozzle_mm=facts.nozzle_mm or plates.nozzle_mm,
        filament_grams=_positive(plates.grams) or facts.filament_grams,
        filament_mm=_positive(plates.meters * 1_000) or facts.filament_mm,
        filament_cost=facts.filament_cost if len(gcodes) < 2 else None,
        layer_count=facts.layer_count if len(gcodes) < 2 else None,
        plate_count=plates.count or len(gcodes) or None,
    )


def read_ufp(file: BinaryIO) -> SlicerFacts:
    """Facts of a Cura package; raises the errors of models3d.meshes.zipped."""
    package = Zipped(file, format_name="a UFP package")
    gcodes = [path for path in package.names() if path.lower().endswith(".gcode")]
    if not gcodes:
        raise NotThisFormat("This is a ZIP archive, but not a UFP package: it holds no G-code.")
    return _facts_of_gcode(package, gcodes[0])


def _facts_of_gcode(package: Zipped, path: str) -> SlicerFacts:
    return facts_from(notes_of(comments_in(package.head(path, _GCODE_HEAD_BYTES))))


def _positive(value: float) -> float | None:
    return round(value, 4) if 0 < value < 1e8 else None


def _plates_in(xml: bytes) -> _Plates:
    """The sums over all plates; nothing if the list cannot be read, as nothing else depends on it."""
    plates = _Plates()

    def on_start(element: str, attributes: dict[str, str]) -> None:
        key, value = attributes.get("key", ""), attributes.get("value", "")
        if element == "plate":
            plates.count = min(plates.count + 1, _MOST_PLATES)
        elif element == "metadata" and key == "prediction":
            plates.seconds += duration_seconds(value) or 0
        elif element == "metadata" and key == "weight":
            plates.grams += number(value, most=1e6) or 0.0
        elif element == "metadata" and key == "nozzle_diameters":
            plates.nozzle_mm = plates.nozzle_mm or number(value, most=20)
        elif element == "filament":
            plates.meters += number(attributes.get("used_m", ""), most=1e6) or 0.0
            if kind := name(attributes.get("type", "")):
                plates.materials[kind] = None

    parser = safe_parser()
    parser.StartElementHandler = on_start
    try:
        parser.Parse(xml, True)
    except (expat.ExpatError, Damaged):
        return _Plates()
    return plates
