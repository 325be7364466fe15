"""What a person chose in the grid: ticked models, or all that fit the look they had. Every action of the bar reads it."""

from dataclasses import dataclass
from typing import Final

from django.http import QueryDict

from models3d.audience import Audience
from models3d.filters import BrowseFilters, numbers
from models3d.querysets import Model3DQuerySet

# More than a person ticks one by one; “all that fit” has no limit.
MOST_TICKED: Final = 4_000


class SelectionProblem(Exception):
    """What was chosen cannot be told; the message says what to do."""


class NothingChosen(SelectionProblem):
    """No model is ticked. Tick some, or choose all that fit."""

    def __init__(self) -> None:
        super().__init__("No model was chosen. Tick some in the grid first.")


class TooManyTicked(SelectionProblem):
    """More models are ticked than one request may carry."""

    def __init__(self) -> None:
        super().__init__(
            f"At most {MOST_TICKED:,} models can be ticked. Filter the grid and choose all that fit."
        )


class LookNotReadable(SelectionProblem):
    """All that fit a search were chosen, and a part of the search cannot be read: more would fit than was meant."""

    def __init__(self) -> None:
        super().__init__("The search cannot be read as a whole. Correct it, then choose all that fit.")


@dataclass(frozen=True, slots=True)
class Selection:
    """Models chosen by number, or with `is_everything` all that fit `query`, the address of the grid."""

    ids: tuple[int, ...] = ()
    is_everything: bool = False
    query: str = ""

    @classmethod
    def from_post(cls, post: QueryDict) -> "Selection":
        """Read the fields of the bar: `all` with `look`, else `id` (many) and `ids` (with commas). Raises SelectionProblem."""
        if post.get("all"):
            query = post.get("look", "").removeprefix("?")
            filters = BrowseFilters.from_query(QueryDict(query))
            if filters.errors or filters.complaints:
                raise LookNotReadable
            return cls(is_everything=True, query=query)
        ids = dict.fromkeys(numbers([*post.getlist("id"), *post.get("ids", "").split(",")]))
        if not ids:
            raise NothingChosen
        if len(ids) > MOST_TICKED:
            raise TooManyTicked
        return cls(tuple(sorted(ids)))

    def models(self, audience: Audience) -> Model3DQuerySet:
        """The chosen models that `audience` may see; in no order."""
        if self.is_everything:
            filters = BrowseFilters.from_query(QueryDict(self.query))
            return filters.apply(audience.models, user=audience.user)
        return audience.models.filter(pk__in=self.ids)

    def label(self, audience: Audience, *, limit: int) -> str:
        """How many models these are, counted up to `limit`: "1 model", "412 models", "1,000+ models"."""
        found = self.models(audience).order_by().values("pk")[: limit + 1].count()
        number = f"{limit:,}+" if found > limit else f"{found:,}"
        return f"{number} model{'' if found == 1 else 's'}"

    def fields(self) -> dict[str, str]:
        """The same as hidden fields of a further form."""
        if self.is_everything:
            return {"all": "yes", "look": self.query}
        return {"ids": ",".join(map(str, self.ids))}
