"""Cards of the grid: one flat query, and plain dicts that a template shows without asking anything further."""

from collections.abc import Collection
from functools import lru_cache
from typing import Any, Final

from django.urls import reverse
from slugify import slugify

from config.lib.template_tags import dimensions
from models3d import kinds
from models3d.beds import Bed, fit_of
from models3d.previews import SMALL, VERSION

CARD_FIELDS: Final = (
    "name",
    "creator__name",
    "cover_sha256",
    "formats",
    "file_count",
    "size_x_mm",
    "size_y_mm",
    "size_z_mm",
    "is_watertight",
    "is_sensitive",
)
# A model shows the picture and the first format of what it is for: a mesh before its photo.
_RANK: Final = {kind: rank for rank, kind in enumerate(kinds.KINDS)}


def card(
    row: dict[str, Any],
    *,
    units: str,
    blurs_sensitive: bool,
    is_eager: bool,
    is_pickable: bool = False,
    favorites: Collection[int] = (),
    bed: Bed | None = None,
) -> dict[str, Any]:
    """What `components/model_card.html` shows of a row of CARD_FIELDS: values that can be hashed, as `remembered` asks.

    What does not fit on `bed` says so.
    """
    main = main_format(tuple(row["formats"]))
    sha256 = row["cover_sha256"]
    return {
        "id": row["id"],
        "url": model_url(row["id"], row["name"]),
        "name": row["name"],
        "creator": row["creator__name"] or "",
        "picture_url": preview_url(sha256, SMALL) if sha256 else "",
        "icon": kinds.kind_of(f"x.{main}").icon if main else kinds.OTHER.icon,
        "size": _size(row, units),
        "formats": main.upper() or "Files",
        "file_count": row["file_count"],
        "badges": _badges(row, bed),
        "is_eager": is_eager,
        "is_pickable": is_pickable,
        "is_favorite": row["id"] in favorites,
        "is_blurred": blurs_sensitive and row["is_sensitive"],
    }


def _size(row: dict[str, Any], units: str) -> str:
    """Millimeters go without saying; inches are said."""
    size = dimensions(row["size_x_mm"], row["size_y_mm"], row["size_z_mm"], units)
    return f"{size} in" if size and units == "in" else size


def _badges(row: dict[str, Any], bed: Bed | None) -> tuple[tuple[str, str, str], ...]:
    found = []
    if row["is_watertight"] is False:
        found.append(("Not watertight", "triangle-alert", "warn"))
    size = (row["size_x_mm"], row["size_y_mm"], row["size_z_mm"])
    if bed and None not in size and fit_of(size, bed).how == "over":
        found.append(("Too large", "ruler", "warn"))
    return tuple(found)


@lru_cache(maxsize=1_000)
def main_format(formats: tuple[str, ...]) -> str:
    """The format that says what a model is; empty where no file has an extension.

    >>> main_format(("jpg", "pdf", "stl")), main_format(())
    ('stl', '')
    """
    return min(formats, key=lambda name: _RANK[kinds.kind_of(f"x.{name}")], default="")


@lru_cache(maxsize=10_000)
def model_url(pk: int, name: str) -> str:
    """The address of a model's page, as `Model3D.get_absolute_url` gives it."""
    return reverse("models3d:detail", args=[pk, slugify(name, max_length=60) or "model"])


def preview_url(sha256: str, name: str) -> str:
    """The address of a derivative; another version is another address, so that browsers may keep each for ever."""
    return f"{_previews_root()}{sha256}/{name}?v={VERSION}"


@lru_cache(maxsize=1)
def _previews_root() -> str:
    return reverse("models3d:preview", args=["0" * 64, "x"]).removesuffix(f"{'0' * 64}/x")
