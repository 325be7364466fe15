"""Small STEP and IGES files, made by hand."""

from collections.abc import Sequence
from typing import Final

_BOX_FACES: Final = ((0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3))
_BOX_NORMALS: Final = ((-1, 0, 0), (1, 0, 0), (0, -1, 0), (0, 1, 0), (0, 0, -1), (0, 0, 1))
_BOX_DIRECTIONS: Final = ((0, 0, 1), (0, 1, 0), (1, 0, 0), (0, 0, 1), (0, 1, 0), (1, 0, 0))
_MILLIMETER: Final = "(LENGTH_UNIT()NAMED_UNIT(*)SI_UNIT(.MILLI.,.METRE.))"
METER: Final = "(LENGTH_UNIT()NAMED_UNIT(*)SI_UNIT($,.METRE.))"


class _Step:
    """Entities of a STEP file, numbered as they come."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def add(self, entity: str) -> str:
        self.lines.append(f"#{len(self.lines) + 1}={entity};")
        return f"#{len(self.lines)}"

    def add_triple(self, kind: str, values: Sequence[float]) -> str:
        return self.add(f"{kind}('',({','.join(f'{value:.6f}' for value in values)}))")

    def add_shell(self, x: float, y: float, z: float) -> str:
        corners = [(a, b, c) for a in (0.0, x) for b in (0.0, y) for c in (0.0, z)]
        points = [self.add_triple("CARTESIAN_POINT", corner) for corner in corners]
        faces = []
        for face, normal, direction in zip(_BOX_FACES, _BOX_NORMALS, _BOX_DIRECTIONS, strict=True):
            axes = f"{self.add_triple('DIRECTION', normal)},{self.add_triple('DIRECTION', direction)}"
            placement = self.add(f"AXIS2_PLACEMENT_3D('',{points[face[0]]},{axes})")
            plane = self.add(f"PLANE('',{placement})")
            loop = self.add(f"POLY_LOOP('',({','.join(points[corner] for corner in face)}))")
            bound = self.add(f"FACE_OUTER_BOUND('',{loop},.T.)")
            faces.append(self.add(f"FACE_SURFACE('',({bound}),{plane},.T.)"))
        return self.add(f"CLOSED_SHELL('',({','.join(faces)}))")


def step_box(x: float, y: float, z: float, *, unit: str = _MILLIMETER, more: Sequence[str] = ()) -> bytes:
    """A STEP file of one box with a corner in the origin, and of `more` entities."""
    step = _Step()
    application = step.add("APPLICATION_CONTEXT('automotive design')")
    context = step.add(f"PRODUCT_CONTEXT('',{application},'mechanical')")
    product = step.add(f"PRODUCT('part','part','',({context}))")
    formation = step.add(f"PRODUCT_DEFINITION_FORMATION('','',{product})")
    stage = step.add(f"PRODUCT_DEFINITION_CONTEXT('part definition',{application},'design')")
    definition = step.add(f"PRODUCT_DEFINITION('','',{formation},{stage})")
    shape = step.add(f"PRODUCT_DEFINITION_SHAPE('','',{definition})")
    units = [step.add(unit), step.add("(NAMED_UNIT(*)PLANE_ANGLE_UNIT()SI_UNIT($,.RADIAN.))")]
    space = step.add(
        f"(GEOMETRIC_REPRESENTATION_CONTEXT(3)GLOBAL_UNIT_ASSIGNED_CONTEXT(({','.join(units)}))"
        "REPRESENTATION_CONTEXT('',''))"
    )
    solid = step.add(f"FACETED_BREP('',{step.add_shell(x, y, z)})")
    representation = step.add(f"FACETED_BREP_SHAPE_REPRESENTATION('',({solid}),{space})")
    step.add(f"SHAPE_DEFINITION_REPRESENTATION({shape},{representation})")
    for entity in more:
        step.add(entity)
    return step_file("\n".join(step.lines))


def step_file(data: str) -> bytes:
    return (
        "ISO-10303-21;\nHEADER;\nFILE_DESCRIPTION((''),'2;1');\nFILE_NAME('','',(''),(''),'','','');\n"
        f"FILE_SCHEMA(('AUTOMOTIVE_DESIGN'));\nENDSEC;\nDATA;\n{data}\nENDSEC;\nEND-ISO-10303-21;\n"
    ).encode()


def iges_rectangle(x: float, y: float, *, unit: str = "2,2HMM") -> bytes:
    """An IGES file of one flat face between two lines."""
    entities = [(110, f"0.,0.,0.,{x},0.,0."), (110, f"0.,{y},0.,{x},{y},0."), (118, "1,3,0,0")]
    directory: list[str] = []
    parameters: list[str] = []
    for kind, values in entities:
        pointer = len(directory) + 1
        parameters.append(f"{kind},{values};".ljust(64) + f"{pointer:8d}")
        directory.append(f"{kind:8d}{len(parameters):8d}" + f"{0:8d}" * 6 + "00000000")
        directory.append(f"{kind:8d}{0:8d}{0:8d}{1:8d}{0:8d}" + " " * 24 + f"{0:8d}")
    world = (
        f"1H,,1H;,4Hpart,4Hpart,1Hx,1Hx,32,38,6,308,15,4Hpart,1.,{unit},1,0.01,15H20240101.000000,1E-6,100.,"
        "1Hx,1Hx,11,0,15H20240101.000000;"
    )
    sections = {
        "S": ["made by hand"],
        "G": [world[start : start + 72] for start in range(0, len(world), 72)],
        "D": directory,
        "P": parameters,
    }
    sections["T"] = ["".join(f"{name}{len(lines):7d}" for name, lines in sections.items())]
    numbered = [
        f"{line:<72}{name}{number:7d}"
        for name, lines in sections.items()
        for number, line in enumerate(lines, 1)
    ]
    return ("\n".join(numbered) + "\n").encode()
