"""What parent and child say to each other: one JSON object per line each way."""

import base64
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from models3d.meshes.estimates import PrintSettings
from models3d.sandbox.limits import Limits

Output = Literal["picture", "small", "light_mesh"]


@dataclass(frozen=True, slots=True)
class Request:
    """One file to be analysed.

    `path` is as the file system has it (non-UTF-8 bytes as surrogates). `extension` is lower case without dot
    and decides the reader. `out` says where results are to be written; folders are made, and a file appears
    under its name only when it is whole. `up_axis` overrides what the format says. With `printing` it is
    also found out how a mesh would print. `materials` is the content of the material file of an OBJ.
    """

    path: str
    extension: str
    out: Mapping[Output, str] = field(default_factory=dict)
    up_axis: Literal["y", "z"] | None = None
    limits: Limits = field(default_factory=Limits)
    printing: PrintSettings | None = None
    materials: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a request.

    If `ok`: `facts` as in models3d.meshes.facts.MeshFacts and, if wanted, models3d.meshes.printability.Printability
    (for images `width_pixels` and `height_pixels`, for sliced files as in models3d.sliced.facts.SlicerFacts),
    `fingerprint` as in models3d.meshes.fingerprint.Fingerprint with the `histogram` of models3d.meshes.histogram
    (None where there is no solid), and which outputs were `made`.
    If not: `code` as in models3d.meshes.errors, and a `sentence` for the user; a package without geometry may
    still have given facts and a picture.
    """

    ok: bool
    facts: dict[str, Any] = field(default_factory=dict)
    fingerprint: dict[str, Any] | None = None
    made: tuple[Output, ...] = ()
    code: str = ""
    sentence: str = ""


def path_to_text(path: str) -> str:
    """A path of any bytes as plain ASCII."""
    return base64.b64encode(os.fsencode(path)).decode("ascii")


def path_from_text(text: str) -> str:
    """The path again.

    >>> path_from_text(path_to_text("a\\udcff.stl")) == "a\\udcff.stl"
    True
    """
    return os.fsdecode(base64.b64decode(text))


def encode_request(request: Request) -> bytes:
    """A request as a line of JSON."""
    message = {
        "path": path_to_text(str(Path(request.path).absolute())),
        "extension": request.extension,
        "out": {name: path_to_text(str(Path(path).absolute())) for name, path in request.out.items()},
        "up_axis": request.up_axis,
        "limits": asdict(request.limits),
        "printing": asdict(request.printing) if request.printing else None,
        "materials": base64.b64encode(request.materials).decode("ascii"),
    }
    return json.dumps(message).encode("ascii") + b"\n"


def decode_request(line: bytes) -> Request:
    """A request again; raises ValueError or KeyError on anything else."""
    message = json.loads(line)
    return Request(
        path=path_from_text(message["path"]),
        extension=message["extension"],
        out={name: path_from_text(path) for name, path in message["out"].items()},
        up_axis=message["up_axis"],
        limits=Limits(**message["limits"]),
        printing=PrintSettings(**message["printing"]) if message["printing"] else None,
        materials=base64.b64decode(message["materials"]),
    )


def encode_answer(answer: Answer, *, is_last: bool) -> bytes:
    """An answer as a line of JSON; `is_last` tells the parent that this child takes no more requests."""
    # allow_nan=False: an infinity that slipped through must fail here and not in the database.
    return json.dumps({"answer": asdict(answer), "last": is_last}, allow_nan=False).encode("ascii") + b"\n"


def decode_answer(line: bytes) -> tuple[Answer, bool]:
    """An answer again, and whether it is the child's last."""
    message = json.loads(line)
    answer = message["answer"]
    return Answer(**{**answer, "made": tuple(answer["made"])}), message["last"]
