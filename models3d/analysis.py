"""One ModelFile: hash it, measure and picture it in the limited child, store the facts or the reason why there are none."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import transaction

from libraries.hashing import FileChangedWhileRead
from libraries.storage import LibraryStorage, MemberUnreadable, StorageError, TooLargeToUnpack, storage_for
from models3d import previews
from models3d.meshes.estimates import PrintSettings
from models3d.models import ModelFile, Preview
from models3d.print_models import PRINT_FIGURES
from models3d.querysets import ModelFileQuerySet
from models3d.sandbox.duties import is_worth_opening
from models3d.sandbox.messages import Output
from models3d.sandbox.pool import Answer, Limits, Request, SandboxPool

MAX_ATTEMPTS: Final = 3
# A try that failed for a reason outside the file (it was being written, the disk hiccuped) is made again after this pause.
RETRY_AFTER: Final = timedelta(seconds=5)

# What is known of a content; files with equal content share it.
_FACTS: Final = (
    "triangle_count", "vertex_count", "size_x_mm", "size_y_mm", "size_z_mm", "volume_mm3", "is_volume_approximate",
    "area_mm2", "is_watertight", "is_closed_within_tolerance", "boundary_edge_count", "nonmanifold_edge_count",
    "hole_count", "body_count", "inverted_body_count", "degenerate_count", "dropped_triangle_count",
    "is_winding_consistent", "shape_invariants", "shape_chirality", "shape_scale_mm", "shape_histogram",
    "width_px", "height_px", "warnings",
    "slicer", "printer_name", "material", "layer_height_mm", "nozzle_mm", "print_seconds", "filament_mm", "filament_grams",
    "filament_cost", "resin_ml", "exposure_seconds", "layer_count", "plate_count",
    *PRINT_FIGURES,
)  # fmt: skip
_TEXT_FACTS: Final = ("slicer", "printer_name", "material", "suspected_unit", "best_up")
_VERDICT: Final = ("analysis_state", "analysis_error_code", "analysis_error")
_COLUMN_OF_FACT: Final = {
    "volume_is_approximate": "is_volume_approximate",
    "width_pixels": "width_px",
    "height_pixels": "height_px",
    "center_of_mass": "center_of_mass_mm",
}
# Reasons that lie outside the content, so that an equal file elsewhere is tried all the same.
_NOT_OF_THE_CONTENT: Final = (
    "changing",
    "unreadable",
    "killed",
    "gave_up",
    "crashed",
    "in_archive",
    "too_large_to_unpack",
)
# Answers of a child that another try may change: the disk or the machine was to blame.
_PASSING: Final = ("unreadable", "killed")
_MOST_MATERIAL_BYTES: Final = 256 << 10


class _TryAgain(Exception):
    """A child could not do its work for a reason outside the file; the text is a sentence for the user."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


@dataclass(slots=True)
class Outcome:
    """What came of one file: values of its columns, and the derivatives that were made, with their size in bytes."""

    columns: dict[str, Any]
    made: dict[Preview.Form, int] = field(default_factory=dict)


def limits() -> Limits:
    """The limits of one file, as the settings have them."""
    seconds = settings.MAX_FILE_SECONDS
    return Limits(max_triangles=settings.MAX_TRIANGLES, cpu_seconds=seconds, wall_seconds=float(seconds))


def print_settings() -> PrintSettings | None:
    """How things are printed, as the settings have it; None if nobody wants to know how meshes would print."""
    if not settings.PRINTABILITY:
        return None
    return PrintSettings(
        walls=settings.PRINT_WALLS,
        line_width_mm=settings.PRINT_LINE_WIDTH_MM,
        infill=settings.PRINT_INFILL_PERCENT / 100,
        layer_height_mm=settings.PRINT_LAYER_HEIGHT_MM,
        max_triangles=settings.PRINTABILITY_MAX_TRIANGLES,
        max_seconds=settings.PRINTABILITY_MAX_SECONDS,
    )


def analyze(file: ModelFile, *, pool: SandboxPool, now: datetime) -> None:
    """Work on a claimed file and store what came of it. Raises nothing for what is wrong with the file itself."""
    try:
        storage = storage_for(file.library)
        file.sha256 = file.sha256 or storage.sha256(file.relative_path)
        outcome = _known(file) or _examine(file, storage, pool)
    except FileChangedWhileRead:
        _try_again(file, "changing", "The file was being written each time it was read.", now)
    except TooLargeToUnpack as error:
        _fail(file, "too_large_to_unpack", str(error), now)
    except MemberUnreadable as error:
        _fail(file, "in_archive", str(error), now)
    except _TryAgain as error:
        _try_again(file, error.code, str(error), now)
    except StorageError as error:
        _try_again(file, "unreadable", str(error), now)
    except OSError as error:
        reason = error.strerror or "unknown reason"
        _try_again(file, "unreadable", f"The file could not be read from its disk: {reason}.", now)
    else:
        _store(file, outcome, now)


def give_up(file: ModelFile, *, now: datetime) -> None:
    """Store that a file ended its worker every time; it is left alone until it changes or a person asks."""
    sentence = f"Reading this file stopped the worker {MAX_ATTEMPTS} times, so it is left alone."
    _fail(file, "gave_up", sentence, now)


def record_crash(file: ModelFile, *, now: datetime) -> None:
    """Store that Layershelf itself failed on a file, if it did so every time; the log has the details.

    It may not have been the file: the database may have gone away while the result was stored.
    """
    _try_again(file, "crashed", "Layershelf failed on this file; the log of the worker says why.", now)


def _known(file: ModelFile) -> Outcome | None:
    """What was found out earlier about the same content, or None."""
    known = (
        ModelFile.objects.filter(
            sha256=file.sha256, extension=file.extension, analysis_state__in=["done", "failed"]
        )
        .exclude(pk=file.pk)
        .exclude(analysis_error_code__in=_NOT_OF_THE_CONTENT)
        .values(*_FACTS, *_VERDICT)
        .first()
    )
    return Outcome(known) if known else None


def _examine(file: ModelFile, storage: LibraryStorage, pool: SandboxPool) -> Outcome:
    if file.size_bytes == 0:
        return _failed("empty", "The file is empty: not one byte is in it.")
    if not is_worth_opening(file.extension):
        return Outcome({"analysis_state": ModelFile.State.DONE})
    outputs: dict[Output, str] = {
        "picture": previews.PICTURE,
        "small": previews.SMALL,
        "light_mesh": previews.LIGHT_MESH,
    }
    out = {output: previews.preview_path(file.sha256, name) for output, name in outputs.items()}
    with storage.local_path(file.relative_path) as path:
        answer = pool.run(
            Request(
                path=path,
                extension=file.extension,
                out={output: str(target) for output, target in out.items()},
                limits=limits(),
                printing=print_settings(),
                materials=_materials_of(file, storage),
            )
        )
    if answer.code in _PASSING:
        raise _TryAgain(answer.code, answer.sentence)
    outcome = _outcome_of(answer)
    if "picture" in answer.made:
        outcome.made[Preview.Form.PICTURE] = out["picture"].stat().st_size
    if "light_mesh" in answer.made:
        outcome.made[Preview.Form.LIGHT_MESH] = out["light_mesh"].stat().st_size
    return outcome


def _materials_of(file: ModelFile, storage: LibraryStorage) -> bytes:
    """What the material file named like an OBJ, beside it, holds; nothing if there is none that can be read.

    What the OBJ itself names may lie anywhere, and is not looked at.
    """
    if file.extension != "obj":
        return b""
    path = file.relative_path.rpartition(".")[0] + ".mtl"
    try:
        with storage.open(path) as materials:
            return materials.read(_MOST_MATERIAL_BYTES)
    except (StorageError, OSError):
        return b""


def _outcome_of(answer: Answer) -> Outcome:
    facts = {_COLUMN_OF_FACT.get(name, name): value for name, value in answer.facts.items()}
    columns: dict[str, Any] = {name: facts[name] for name in _FACTS if name in facts}
    if not answer.ok:
        if answer.code == "unsupported":  # nothing is wrong with the file
            return Outcome({"analysis_state": ModelFile.State.DONE, "warnings": [answer.sentence]})
        if answer.code == "no_geometry":
            nothing = {"triangle_count": 0, "warnings": [answer.sentence]}
            return Outcome({"analysis_state": ModelFile.State.DONE, **columns, **nothing})
        return _failed(answer.code, answer.sentence)
    if shape := answer.fingerprint:
        columns |= {
            "shape_invariants": shape["invariants"],
            "shape_chirality": shape["chirality"],
            "shape_scale_mm": shape["scale_mm"],
            "shape_histogram": shape["histogram"],
        }
    return Outcome({"analysis_state": ModelFile.State.DONE, **columns})


def _failed(code: str, sentence: str) -> Outcome:
    return Outcome(
        {"analysis_state": ModelFile.State.FAILED, "analysis_error_code": code, "analysis_error": sentence}
    )


def _fail(file: ModelFile, code: str, sentence: str, now: datetime) -> None:
    _store(file, _failed(code, sentence), now)


def _try_again(file: ModelFile, code: str, sentence: str, now: datetime) -> None:
    if file.analysis_attempts >= MAX_ATTEMPTS:
        _fail(file, code, sentence, now)
    else:
        _mine(file).update(analysis_claimed_until=now + RETRY_AFTER * file.analysis_attempts)


def _store(file: ModelFile, outcome: Outcome, now: datetime) -> None:
    blank: dict[str, Any] = dict.fromkeys(_FACTS) | {
        "warnings": [],
        **dict.fromkeys(_TEXT_FACTS, ""),
        "shape": None,
        "analysis_error_code": "",
        "analysis_error": "",
    }
    columns = blank | outcome.columns
    with transaction.atomic():
        stored = _mine(file).update(
            **columns,
            sha256=file.sha256,
            analysis_claimed_until=None,
            analyzed_at=now,
            are_problems_stale=True,
        )
        if stored:
            for form, size_bytes in outcome.made.items():
                Preview.objects.update_or_create(
                    sha256=file.sha256,
                    form=form,
                    defaults={"version": previews.VERSION, "size_bytes": size_bytes},
                )


def _mine(file: ModelFile) -> ModelFileQuerySet:
    """The row as long as this worker holds it: a scan that saw the file change has taken the claim away."""
    return ModelFile.objects.filter(pk=file.pk, analysis_claimed_until=file.analysis_claimed_until)
