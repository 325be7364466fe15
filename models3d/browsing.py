"""One look at the grid: rows, count, chips and facets of a set of filters, for the page and its fragments."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Any, Final

from config.lib.keyset import BadCursor
from models3d.audience import Audience
from models3d.cards import CARD_FIELDS, card
from models3d.facets import labels_of
from models3d.filters import BrowseFilters
from models3d.marks import favorites_among
from models3d.models import ModelFile
from models3d.prints.asking import unknown_printers
from models3d.prints.printers import default_printer
from models3d.query_language.printing import text_of
from models3d.sorting import slice_of
from models3d.vocabulary import corrected

# Counting further takes longer than it tells.
COUNT_LIMIT: Final = 1_000
# Pictures of the first row or two are asked for at once, the rest when they come near.
_EAGER: Final = 6
_CHIP_WORDS: Final = {
    "favourite": "Only", "fits": "Size",
    "library": "Library", "collection": "Collection", "type": "Type", "tag": "Tag", "creator": "Creator",
}  # fmt: skip


@dataclass(slots=True)
class Shelf:
    """What the grid shows of one look. `next_url` is empty at the end; pictures of `waiting` models are being made."""

    cards: list[dict[str, Any]]
    next_url: str
    is_first: bool
    waiting: list[int]
    errors: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Chip:
    """An active choice and the address without it."""

    word: str
    label: str
    url_without: str


def shelf(filters: BrowseFilters, audience: Audience, *, after: str) -> Shelf:
    """The cards that follow cursor `after`; a cursor that cannot be read shows the first ones, and an error says so."""
    errors = [*filters.errors, *unknown_printers(filters.search.tree, user=audience.user)]
    fitting = filters.apply(audience.models, user=audience.user)
    sort, size = filters.effective_sort, audience.user.page_size
    try:
        found = slice_of(
            fitting, sort=sort, words=filters.search.tree, fields=CARD_FIELDS, after=after, limit=size
        )
    except BadCursor as error:
        after = ""
        errors.append(f"{error} These are the first models.")
        found = slice_of(
            fitting, sort=sort, words=filters.search.tree, fields=CARD_FIELDS, after="", limit=size
        )
    favorites = favorites_among([row["id"] for row in found.rows], user=audience.user)
    printer = default_printer(audience.user)
    cards = [
        card(
            row,
            units=audience.user.units,
            blurs_sensitive=audience.blurs_sensitive,
            is_eager=not after and place < _EAGER,
            is_pickable=True,
            favorites=favorites,
            bed=printer.bed if printer else None,
        )
        for place, row in enumerate(found.rows)
    ]
    return Shelf(
        cards,
        filters.address(after=found.next) if found.next else "",
        not after,
        _waiting(found.rows),
        errors,
    )


def finished_cards(model_ids: Collection[int], audience: Audience) -> Shelf:
    """The cards of those of these models that have got their picture; the others still wait, or never get one."""
    rows = list(audience.models.filter(pk__in=model_ids).values(*CARD_FIELDS, "id"))
    favorites = favorites_among(model_ids, user=audience.user)
    printer = default_printer(audience.user)
    cards = [
        card(
            row,
            units=audience.user.units,
            blurs_sensitive=audience.blurs_sensitive,
            is_eager=True,
            is_pickable=True,
            favorites=favorites,
            bed=printer.bed if printer else None,
        )
        for row in rows
        if row["cover_sha256"]
    ]
    return Shelf(cards, next_url="", is_first=False, waiting=_waiting(rows))


def _waiting(rows: list[dict[str, Any]]) -> list[int]:
    bare = [row["id"] for row in rows if not row["cover_sha256"]]
    if not bare:
        return []
    return list(
        ModelFile.objects.waiting().filter(model__in=bare).values_list("model_id", flat=True).distinct()
    )


def count_at_hand(filters: BrowseFilters, audience: Audience, shown: Shelf) -> str:
    """How many models fit, as far as that is known without counting: "412", or "48+" where there are further pages."""
    if _is_everything(filters, audience):
        return count_label(filters, audience)
    return f"{len(shown.cards):,}{'' if shown.is_first and not shown.next_url else '+'}"


def count_label(filters: BrowseFilters, audience: Audience) -> str:
    """How many models fit: "412", or "1,000+" where counting on would take long.

    Where nothing is chosen the libraries' own counters are the answer.
    """
    if _is_everything(filters, audience):
        return f"{sum(library.model_count for library in audience.libraries):,}"
    found = filters.apply(audience.models, user=audience.user)
    number = found.order_by().values("pk")[: COUNT_LIMIT + 1].count()
    return f"{COUNT_LIMIT:,}+" if number > COUNT_LIMIT else f"{number:,}"


def _is_everything(filters: BrowseFilters, audience: Audience) -> bool:
    return not filters.is_narrowed and not audience.hides_sensitive


@dataclass(frozen=True, slots=True)
class Fault:
    """What of the search could not be read: a sentence, and the text before it, of it and after it."""

    sentence: str
    before: str
    piece: str
    after: str


def faults(filters: BrowseFilters) -> list[Fault]:
    """The faults of the search, as the page shows them."""
    typed = filters.q
    return [
        Fault(
            one.sentence,
            typed[: one.position],
            typed[one.position : one.position + one.length],
            typed[one.position + one.length :],
        )
        for one in filters.complaints
    ]


@dataclass(frozen=True, slots=True)
class Meant:
    """A search that finds something, near one that finds nothing, and its address."""

    text: str
    url: str


def meant(filters: BrowseFilters, audience: Audience, shown: Shelf) -> Meant | None:
    """What a search without matches may mean; only what finds models that this audience may see."""
    tree = filters.search.tree
    if shown.cards or not shown.is_first or tree is None:
        return None
    nearest = corrected(tree)
    if nearest is None:
        return None
    text = text_of(nearest).strip()
    look = replace(filters, q=text)
    if not look.apply(audience.models, user=audience.user).exists():
        return None
    return Meant(text, look.address())


def chips(filters: BrowseFilters, audience: Audience) -> list[Chip]:
    """One chip per active choice; choices that do not exist for this audience have none."""
    found = []
    for name, word in _CHIP_WORDS.items():
        values = [str(value) for value in getattr(filters, name)]
        labels = labels_of(name, values, audience)
        found += [
            Chip(word, labels[value], filters.without(name, value).address())
            for value in values
            if value in labels
        ]
    return found
