"""Where derivatives of a content lie in the data folder: the picture in two sizes, and the light mesh for the browser."""

from pathlib import Path
from typing import Final

from django.conf import settings

# Raise a version when its maker draws or packs differently: older files are then made anew when they are asked for next.
VERSION: Final = 1

PICTURE: Final = "picture.webp"  # 512 px square
SMALL: Final = "small.webp"  # 256 px square
LIGHT_MESH: Final = "mesh.glb"
NAMES: Final = frozenset({PICTURE, SMALL, LIGHT_MESH})


def preview_path(sha256: str, name: str) -> Path:
    """The file that holds derivative `name` of a content; it may not exist. Raises ValueError unless both are well-formed."""
    if name not in NAMES or len(sha256) != 64 or not all(c in "0123456789abcdef" for c in sha256):
        raise ValueError("No such preview.")
    root: Path = settings.PREVIEWS_DIR
    return root / sha256[:2] / sha256[2:4] / f"{sha256}.v{VERSION}.{name}"
