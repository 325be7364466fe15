"""Types of what programs send to the JSON interfaces: numbers of rows, places in lists, text that Postgres can keep."""

from datetime import datetime
from typing import Annotated

from ninja import Path, Query, Schema
from pydantic import AfterValidator, Field, StringConstraints

from config.lib.answers import DEFAULT_LIMIT, LARGEST_ID, LARGEST_LIMIT


def _without_nul(text: str) -> str:
    if "\x00" in text:
        raise ValueError("text holds no NUL character")
    return text


Text = Annotated[str, AfterValidator(_without_nul)]
ShortText = Annotated[Text, StringConstraints(max_length=200, strip_whitespace=True)]
Name = Annotated[Text, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
RowId = Annotated[int, Field(ge=1, le=LARGEST_ID)]
PathId = Annotated[int, Path(ge=1, le=LARGEST_ID)]
After = Annotated[
    str, Query("", max_length=1_000, description="“next” of the page before; left out for the first.")
]
Limit = Annotated[int, Query(DEFAULT_LIMIT, ge=1, le=LARGEST_LIMIT, description="Rows on a page.")]
Moment = datetime


class Body(Schema):
    """What is sent in a request: a member that is not known is refused, for it would change nothing."""

    model_config = {"extra": "forbid"}
