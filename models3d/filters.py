"""What is browsed: the parameters of an address become a queryset, for pages and for the API alike."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final
from urllib.parse import urlencode

from django.http import QueryDict

from collections_app.tree import subtree_ids
from models3d.conditions import condition
from models3d.model_conditions import fitting
from models3d.models import Mark, Model3D
from models3d.prints.printers import bed_of
from models3d.query_language.nodes import Complaint, Query
from models3d.query_language.parsing import parse
from models3d.querysets import Model3DQuerySet
from models3d.search import word_query
from models3d.sorting import DEFAULT_SORT, RELEVANCE, SORTS
from models3d.vocabulary import completed

LONGEST_QUERY: Final = 500
# More than a person ticks; keeps a hostile address from becoming a hostile query.
_MOST_CHOICES: Final = 50
_CHOICES: Final = ("favourite", "fits", "library", "collection", "type", "tag", "creator")


@dataclass(frozen=True, slots=True)
class BrowseFilters:
    """The words, choices and order of one look at the models. Libraries, types and creators widen, tags and
    collections (with all inside them) narrow; `favourite` is ("yes",) or empty, `fits` is ("mine",) or empty.
    """

    q: str = ""
    favourite: tuple[str, ...] = ()
    fits: tuple[str, ...] = ()
    library: tuple[int, ...] = ()
    collection: tuple[int, ...] = ()
    type: tuple[str, ...] = ()
    tag: tuple[int, ...] = ()
    creator: tuple[int, ...] = ()
    sort: str = DEFAULT_SORT
    errors: tuple[str, ...] = field(default=(), compare=False)

    @classmethod
    def from_query(cls, query: QueryDict) -> "BrowseFilters":
        """Read an address. What cannot be read is left out and named in `errors`."""
        errors: list[str] = []
        typed = query.get("q", "").replace("\x00", " ").lstrip()
        if len(typed) > LONGEST_QUERY:
            errors.append(f"Only the first {LONGEST_QUERY} characters of the search are used.")
        sort = query.get("sort") or DEFAULT_SORT
        if sort not in SORTS:
            errors.append(f"There is no order called “{sort[:40]}”; there are {', '.join(SORTS)}.")
            sort = DEFAULT_SORT
        return cls(
            q=typed[:LONGEST_QUERY],
            favourite=("yes",) if query.get("favourite") == "yes" else (),
            fits=("mine",) if query.get("fits") == "mine" else (),
            library=_ids(query, "library", errors),
            collection=_ids(query, "collection", errors),
            type=_formats(query, errors),
            tag=_ids(query, "tag", errors),
            creator=_ids(query, "creator", errors),
            sort=sort,
            errors=tuple(errors),
        )

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the order was chosen."""
        return bool(self.q or self.choices)

    @property
    def choices(self) -> list[tuple[str, str]]:
        """Every ticked choice as (facet, value)."""
        return [(name, str(value)) for name in _CHOICES for value in getattr(self, name)]

    @property
    def effective_sort(self) -> str:
        """The order in use: relevance needs words."""
        return DEFAULT_SORT if self.sort == RELEVANCE and not word_query(self.search.tree) else self.sort

    @property
    def search(self) -> Query:
        """What was typed into the search box, read."""
        return parse(self.q)

    @property
    def complaints(self) -> tuple[Complaint, ...]:
        """What of the search could not be read; the rest of it counts."""
        return self.search.complaints

    def apply(self, models: Model3DQuerySet, *, user: Any = None) -> Model3DQuerySet:
        """Those of `models` that fit, in no order; `user` is whose favourites count. Access is not asked here."""
        search = self.search
        if search.tree is not None:
            models = models.filter(condition(completed(search.tree), user=user))
        elif self.q and not search.complaints:
            models = models.none()
        if self.library:
            models = models.filter(library__in=self.library)
        if self.type:
            models = models.filter(formats__overlap=list(self.type))
        if self.creator:
            models = models.filter(creator__in=self.creator)
        if self.favourite:
            marked = Mark.objects.filter(user=user, is_favorite=True)
            models = models.filter(pk__in=marked.values("model"))
        if self.fits:
            models = models.filter(fitting(bed_of(user).sides_mm))
        for collection in self.collection:
            models = models.filter(pk__in=_collected(collection))
        for tag in self.tag:
            tagged = Model3D.tags.through.objects.filter(tag_id=tag)
            models = models.filter(pk__in=tagged.values("model3d_id"))
        return models

    def address(self, **changes: Any) -> str:
        """The query string of this look, with `?`, or “?” alone; `changes` replace or add parameters."""
        parameters: Mapping[str, Any] = {
            "q": self.q,
            **{name: getattr(self, name) for name in _CHOICES},
            "sort": self.sort if self.sort != DEFAULT_SORT else "",
            **changes,
        }
        return "?" + urlencode({name: value for name, value in parameters.items() if value}, doseq=True)

    def without(self, facet: str, value: str = "") -> "BrowseFilters":
        """The same look without one choice, or without any of a facet."""
        left: Any = tuple(one for one in getattr(self, facet) if value and str(one) != value)
        return replace(self, **{facet: left})


def _collected(collection: int) -> Any:
    """Ids of the models in a collection or anywhere inside it."""
    links = Model3D.collections.through.objects.filter(collection_id__in=subtree_ids([collection]))
    return links.values("model3d_id")


def numbers(texts: list[str]) -> list[int]:
    """Those of `texts` that are numbers of rows."""
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 19]


def _ids(query: QueryDict, name: str, errors: list[str]) -> tuple[int, ...]:
    texts = query.getlist(name)[:_MOST_CHOICES]
    errors += [f"“{text[:40]}” is no number of a {name}." for text in texts if text and not numbers([text])]
    return tuple(dict.fromkeys(numbers(texts)))


def _formats(query: QueryDict, errors: list[str]) -> tuple[str, ...]:
    formats = []
    for text in query.getlist("type")[:_MOST_CHOICES]:
        if 0 < len(text) <= 20 and text.isprintable():
            formats.append(text.lower())
        elif text:
            errors.append("A file type has at most 20 characters, such as “stl”.")
    return tuple(dict.fromkeys(formats))
