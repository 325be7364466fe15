"""Folders of files to measure on: a library's tree of small files, and meshes of a wanted size."""

import os
import struct
from collections.abc import Iterator
from pathlib import Path

_FILES_PER_MODEL = 4
_NAMES = ("body_v2.stl", "head.stl", "render.png", "README.md")


def make_tree(root: Path, file_count: int) -> None:
    """Write `file_count` tiny files, four to a folder, 250 folders to a creator."""
    for number in range(file_count):
        model, part = divmod(number, _FILES_PER_MODEL)
        folder = root / f"creator {model // 250}" / f"model_{model}"
        if part == 0:
            folder.mkdir(parents=True)
        (folder / _NAMES[part]).write_bytes(b"%d" % number)


def iter_stats(root: str) -> Iterator[os.stat_result]:
    """The least that a scan must do: list every folder, stat every file."""
    waiting = [root]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                else:
                    yield entry.stat(follow_symlinks=False)


def write_stl(path: Path, triangle_count: int, *, seed: int = 0) -> None:
    """Write a closed, wavy sphere of about `triangle_count` triangles as binary STL; `seed` varies the shape."""
    import numpy as np  # heavy, and needed by this function only

    rings = max(4, int((triangle_count / 4) ** 0.5))
    sectors = 2 * rings
    latitude = np.linspace(0, np.pi, rings + 1)[:, None]
    longitude = np.arange(sectors + 1)[None, :] % sectors * (2 * np.pi / sectors)
    radius = 20 + seed % 7 + np.sin(latitude * (3 + seed % 5)) * np.cos(longitude * (2 + seed % 3)) * 3
    radius[0], radius[-1] = radius[0, 0], radius[-1, 0]
    points = np.stack(
        [
            radius * np.sin(latitude) * np.cos(longitude),
            radius * np.sin(latitude) * np.sin(longitude),
            radius * np.cos(latitude) + 0 * longitude,
        ],
        axis=-1,
    ).astype("<f4")
    points[0], points[-1] = points[0, 0], points[-1, 0]
    a, b, c, d = points[:-1, :-1], points[1:, :-1], points[1:, 1:], points[:-1, 1:]
    triangles = np.concatenate(
        [np.stack([a, b, c], 2)[:-1].reshape(-1, 3, 3), np.stack([a, c, d], 2)[1:].reshape(-1, 3, 3)]
    )
    records = np.zeros(
        len(triangles), np.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("colors", "<u2")])
    )
    records["corners"] = triangles
    with path.open("wb") as file:
        file.write(b"benchmark".ljust(80) + struct.pack("<I", len(records)))
        file.write(records.tobytes())
