"""The work a child does on one file: facts, fingerprint, pictures and light mesh."""

import contextlib
import os
import stat
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, Final

from models3d.embedded.finding import may_carry_pictures, pictures_in
from models3d.images import Thumbnails, pixel_count_of, thumbnails_of
from models3d.meshes.arrays import WeldedMesh
from models3d.meshes.errors import NoGeometry, UnreadableFile, Unsupported
from models3d.meshes.facts import MeshFacts, facts_of
from models3d.meshes.fingerprint import fingerprint_of
from models3d.meshes.formats import is_readable
from models3d.meshes.histogram import distance_histogram_of
from models3d.meshes.lightmesh import light_mesh_of
from models3d.meshes.load import load
from models3d.meshes.printability import printability_of
from models3d.meshes.render import render, webp
from models3d.rasterizing.formats import picture_of
from models3d.sandbox.duties import Duty, duty_of
from models3d.sandbox.messages import Answer, Output, Request
from models3d.sliced.reading import may_hold_slicer_facts, slicer_facts_of

_MOST_EMBEDDED_PIXELS: Final = 16_000_000


class _NotWritten(Exception):
    """A result could not be stored; the file is not to blame."""


def work_on(request: Request) -> Answer:
    """Analyse the file and write what was asked for. Unreadable files give an answer, not an exception."""
    try:
        with _open_regular(request.path) as file:
            return _ANALYSTS[duty_of(request.extension)](file, request)
    except UnreadableFile as error:
        return Answer(ok=False, code=error.code, sentence=error.sentence)
    except _NotWritten as error:
        return Answer(ok=False, code="unreadable", sentence=f"Its preview could not be stored: {error}.")
    except OSError as error:
        return Answer(ok=False, code="unreadable", sentence=f"The file could not be read: {error.strerror}.")


def _open_regular(path: str) -> BinaryIO:
    # O_NONBLOCK: opening a pipe that took the file's place must not wait for a writer.
    file = os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb")
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise Unsupported("This is not a regular file.")
    return file


def _analyse_image(file: BinaryIO, request: Request) -> Answer:
    thumbnails = thumbnails_of(file, limits=request.limits.for_reading())
    made = _write_all(request, {"picture": lambda: thumbnails.picture, "small": lambda: thumbnails.small})
    facts = {"width_pixels": thumbnails.width, "height_pixels": thumbnails.height}
    return Answer(ok=True, facts=facts, made=made)


def _analyse_drawing(file: BinaryIO, request: Request) -> Answer:
    """A page that is drawn has no pixels of its own, hence no facts."""
    thumbnails = thumbnails_of(BytesIO(picture_of(file, request.extension)))
    made = _write_all(request, {"picture": lambda: thumbnails.picture, "small": lambda: thumbnails.small})
    return Answer(ok=True, made=made)


def _analyse_mesh(file: BinaryIO, request: Request) -> Answer:
    try:
        loaded = load(
            file,
            request.extension,
            limits=request.limits.for_reading(),
            up_axis=request.up_axis,
            materials=request.materials,
        )
        facts = facts_of(loaded)
    except NoGeometry as error:
        if not may_carry_pictures(request.extension):
            raise
        answer = _analyse_package(file, request)
        return replace(answer, ok=False, code=error.code, sentence=error.sentence)
    makers: dict[Output, Callable[[], bytes]] = {}
    if facts.body_count:
        if "picture" in request.out or "small" in request.out:
            picture, small = render(
                loaded.mesh, is_closed=facts.is_watertight and not facts.inverted_body_count
            )
            makers = {"picture": lambda: webp(picture), "small": lambda: webp(small)}
        makers["light_mesh"] = lambda: light_mesh_of(loaded)
    return Answer(
        ok=True,
        facts=_print_facts(loaded.mesh, facts, request) | _slicer_facts(file, request),
        fingerprint=_shape_of(loaded.mesh) if facts.body_count else None,
        made=_write_all(request, makers),
    )


def _print_facts(mesh: WeldedMesh, facts: MeshFacts, request: Request) -> dict[str, Any]:
    """The facts, with how the mesh would print if that is wanted."""
    if not request.printing:
        return facts.as_json()
    printability = printability_of(mesh, facts, request.printing)
    warnings = [*facts.warnings, *printability.warnings]
    return facts.as_json() | printability.as_json() | {"warnings": warnings}


def _shape_of(mesh: WeldedMesh) -> dict[str, Any] | None:
    fingerprint, histogram = fingerprint_of(mesh), distance_histogram_of(mesh)
    return fingerprint.as_json() | {"histogram": histogram} if fingerprint and histogram else None


def _analyse_package(file: BinaryIO, request: Request) -> Answer:
    """What was written into a file for people: how it was sliced, and a picture."""
    facts = _slicer_facts(file, request)
    thumbnails = _embedded_thumbnails(file, request)
    makers: dict[Output, Callable[[], bytes]] = {}
    if thumbnails:
        makers = {"picture": lambda: thumbnails.picture, "small": lambda: thumbnails.small}
    return Answer(ok=True, facts=facts, made=_write_all(request, makers))


def _slicer_facts(file: BinaryIO, request: Request) -> dict[str, Any]:
    if not may_hold_slicer_facts(request.extension):
        return {}
    try:
        return slicer_facts_of(file, request.extension).as_json()
    except UnreadableFile:
        if is_readable(request.extension):  # a mesh stands by itself, whatever became of its settings
            return {}
        raise


def _embedded_thumbnails(file: BinaryIO, request: Request) -> Thumbnails | None:
    """Thumbnails of the best embedded picture that is sound."""
    if not may_carry_pictures(request.extension):
        return None
    limits = replace(request.limits.for_reading(), max_pixels=_MOST_EMBEDDED_PIXELS)
    for picture in pictures_in(file, request.extension, pixels_of=pixel_count_of):
        with contextlib.suppress(UnreadableFile):
            return thumbnails_of(BytesIO(picture), limits=limits)
    return None


def _write_all(request: Request, makers: dict[Output, Callable[[], bytes]]) -> tuple[Output, ...]:
    made: list[Output] = []
    for name, path in request.out.items():
        if name in makers:
            _write_whole(Path(path), makers[name]())
            made.append(name)
    return tuple(made)


def _write_whole(path: Path, content: bytes) -> None:
    """Write under a name of this process's own, then rename: nobody ever sees half a file."""
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished.write_bytes(content)
        unfinished.replace(path)
    except OSError as error:
        raise _NotWritten(error.strerror or "unknown reason") from error
    finally:
        with contextlib.suppress(OSError):
            unfinished.unlink(missing_ok=True)


_ANALYSTS: Final[dict[Duty, Callable[[BinaryIO, Request], Answer]]] = {
    "image": _analyse_image,
    "drawing": _analyse_drawing,
    "mesh": _analyse_mesh,
    "package": _analyse_package,
}
