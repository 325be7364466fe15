"""OFF, the Object File Format of Geomview, in its text form."""

from collections.abc import Iterator

from models3d.meshes.arrays import Float32
from models3d.meshes.errors import Damaged, NoGeometry, NotThisFormat, Unsupported
from models3d.meshes.reading import Source, iter_triangles_of
from models3d.meshes.rows import CORNERS, RowReader
from models3d.meshes.signatures import name_of_content

_MOST_ROWS = 1 << 40

# With texture coordinates, colors and normals, all of which come after the coordinates.
_THREE_DIMENSIONAL = {f"{st}{c}{n}OFF" for st in ("", "ST") for c in ("", "C") for n in ("", "N")} | {"off"}


def read_off(source: Source) -> Iterator[Float32]:
    """Yield the triangles of an OFF file; polygons are cut into fans, colors and normals ignored.

    The keyword may be missing, and may stand on one line with the counts.
    """
    rows = RowReader(source)
    words = rows.next_line().split()
    if words and words[0].upper().endswith("OFF"):
        keyword = words.pop(0)
        if "BINARY" in words:
            raise Unsupported("This OFF file is in the binary form, which is not read. Save it as text.")
        if keyword not in _THREE_DIMENSIONAL:
            raise Unsupported(f"This OFF file is of a kind that is not read ({keyword[:20]}).")
        words = words or rows.next_line().split()
    try:
        vertex_count, face_count = int(words[0]), int(words[1])
    except (IndexError, ValueError):
        content = name_of_content(source.head(64))
        raise NotThisFormat(
            f"This is not an OFF file, but {content}." if content else "This is not an OFF file."
        ) from None
    if not (0 <= vertex_count < _MOST_ROWS and 0 <= face_count < _MOST_ROWS):
        raise Damaged(
            f"The file announces {vertex_count:,} vertices and {face_count:,} faces: that cannot be."
        )
    vertices = rows.points(vertex_count, (0, 1, 2), what="vertices")
    if not face_count:
        raise NoGeometry(f"The file holds {vertex_count:,} points, but no surface between them.")
    faces = rows.polygons(face_count, [CORNERS], what="faces")
    source.expected_triangles = len(faces)
    yield from iter_triangles_of(vertices, faces)
