"""From the notes of a filament slicer to facts."""

from collections.abc import Mapping
from typing import Final

from models3d.sliced.facts import SlicerFacts
from models3d.sliced.notes import SLICER
from models3d.sliced.values import duration_seconds, name, number, numbers, total, whole

_MOST_LAYERS: Final = 1_000_000
_MOST_LENGTH_MM: Final = 1e8
_MM_PER_METER: Final = 1_000

# What each slicer calls it, the most telling first: Prusa's family and Bambu; UltiMaker's Griffin; Cura; Simplify3D.
_PRINTER: Final = ("printer_model", "printer_settings_id", "target_machine.name", "profilename")
_MATERIAL: Final = ("filament_type", "printmaterial", "material_type")
_LAYER_HEIGHT: Final = ("layer_height", "layer height", "layerheight")
_NOZZLE: Final = ("nozzle_diameter", "extruder_train.0.nozzle.diameter", "extruderdiameter")
_TIME: Final = (
    "estimated printing time (normal mode)", "total estimated time", "model printing time", "estimated printing time",
    "print.time", "time", "build time",
)  # fmt: skip
_LENGTH: Final = ("filament used [mm]", "total filament length [mm]", "filament length", "filament used")
_GRAMS: Final = (
    "total filament used [g]", "filament used [g]", "total filament weight [g]", "plastic weight", "filament weight",
)  # fmt: skip
_COST: Final = ("total filament cost", "filament cost", "material cost")
_LAYERS: Final = ("total layer number", "total layers count", "layer_count")


def facts_from(notes: Mapping[str, str]) -> SlicerFacts:
    """The facts that notes hold, whichever slicer wrote them."""

    def first(keys: tuple[str, ...]) -> str:
        return next((notes[key] for key in keys if notes.get(key, "").strip(' "')), "")

    return SlicerFacts(
        slicer=notes.get(SLICER, "") or _griffin_slicer(notes),
        printer_name=name(first(_PRINTER).split(";")[0]),
        material=_materials(first(_MATERIAL), notes),
        layer_height_mm=number(first(_LAYER_HEIGHT), most=10),
        nozzle_mm=number(first(_NOZZLE), most=20),
        print_seconds=duration_seconds(first(_TIME)),
        filament_mm=_length_mm(first(_LENGTH)),
        filament_grams=total(first(_GRAMS), most=1e6),
        filament_cost=total(first(_COST), most=1e6),
        layer_count=whole(first(_LAYERS), most=_MOST_LAYERS),
    )


def _griffin_slicer(notes: Mapping[str, str]) -> str:
    program = notes.get("generator.name", "").replace("Cura_SteamEngine", "Cura")
    return name(f"{program} {notes.get('generator.version', '')}")


def _length_mm(text: str) -> float | None:
    """Cura writes meters ("2.5m, 0m"), all others millimeters."""
    is_meters = text.split(",")[0].strip().endswith("m") and not text.split(",")[0].strip().endswith("mm")
    first_word = text.split("(")[0]
    return total(
        ",".join(str(value * _MM_PER_METER) for value in numbers(first_word)) if is_meters else first_word,
        most=_MOST_LENGTH_MM,
    )


def _materials(text: str, notes: Mapping[str, str]) -> str:
    """The materials of the tools that are used: of all tools if that is not told."""
    kinds = [name(kind) for kind in text.replace(",", ";").split(";")[:64]]
    used = _used_tools(notes, len(kinds))
    chosen = [kind for tool, kind in enumerate(kinds) if kind and (not used or tool in used)]
    return name(" + ".join(dict.fromkeys(chosen)))


def _used_tools(notes: Mapping[str, str], tool_count: int) -> set[int]:
    if tools := notes.get("filament", ""):  # Bambu: numbers of the tools, from 1
        return {int(tool) - 1 for tool in numbers(tools)}
    lengths = numbers(notes.get("filament used [mm]", ""))
    return {tool for tool, length in enumerate(lengths) if length} if len(lengths) == tool_count else set()
