"""What one file may cost: the figures, and the system limits that hold a child to them."""

import resource
from dataclasses import dataclass

from models3d.meshes.limits import ReadLimits


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits for the analysis of one file. Passing one makes the file "too complex", with the figure."""

    max_triangles: int = 40_000_000
    max_file_bytes: int = 8 << 30
    max_pixels: int = 120_000_000
    memory_bytes: int = 4 << 30
    cpu_seconds: int = 120
    wall_seconds: float = 300.0
    output_bytes: int = 256 << 20

    def for_reading(self) -> ReadLimits:
        """The part of the limits that readers keep by themselves."""
        return ReadLimits(
            max_triangles=self.max_triangles, max_file_bytes=self.max_file_bytes, max_pixels=self.max_pixels
        )


def hold_process_to(limits: Limits) -> None:
    """Put this process under the limits, with processor time counted from now on. To be called per file.

    Only soft limits are set, as a process cannot raise its hard ones again for the next file.
    """
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu_seconds = int(used.ru_utime + used.ru_stime) + 1 + limits.cpu_seconds
    for kind, value in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_FSIZE, limits.output_bytes),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(kind)[1]
        soft = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (soft, hard))
