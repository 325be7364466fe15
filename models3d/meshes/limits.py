"""How much a single file may ask for before it is called too complex."""

from dataclasses import dataclass

from models3d.meshes.errors import TooComplex


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """Upper bounds for one file. What a file announces never decides an allocation; these do."""

    max_triangles: int = 40_000_000
    max_file_bytes: int = 8 << 30
    max_expanded_bytes: int = 4 << 30
    max_expansion_ratio: int = 500
    max_archive_entries: int = 10_000
    max_instances: int = 10_000
    max_pixels: int = 120_000_000

    def check_triangles(self, count: int) -> None:
        """Raise TooComplex if `count` triangles are more than allowed."""
        if count > self.max_triangles:
            raise TooComplex(
                f"The mesh is too complex: {count:,} triangles, the limit is {self.max_triangles:,}. "
                "Reduce it in a mesh editor, or ask the administrator to raise the limit."
            )
