"""Keyset paging: cursors that travel in addresses, and the row comparison that continues after one."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Any

from django.db.models import BooleanField, F, Func, Value

_LONGEST = 1_000


class BadCursor(ValueError):
    """The cursor in an address was not made by this program; leaving it out shows the first page."""


def encode_cursor(values: Sequence[str | int | float]) -> str:
    """The values that the last row of a page is ordered by, as text for an address.

    >>> encode_cursor(["dragon", 7])
    'WyJkcmFnb24iLDdd'
    """
    return urlsafe_b64encode(json.dumps(values, separators=(",", ":")).encode()).decode().rstrip("=")


def decode_cursor(cursor: str, *, types: Sequence[type]) -> list[Any]:
    """The values of a cursor, one of each of `types`. Raises BadCursor for anything else.

    >>> decode_cursor("WyJkcmFnb24iLDdd", types=[str, int])
    ['dragon', 7]
    >>> decode_cursor("WyJkcmFnb24iLDdd", types=[int, int])
    Traceback (most recent call last):
    ...
    config.lib.keyset.BadCursor: The place to continue from is not readable.
    """
    try:
        if len(cursor) > _LONGEST:
            raise ValueError
        padded = cursor + "=" * (-len(cursor) % 4)
        values = json.loads(urlsafe_b64decode(padded.encode("ascii")))
        if not isinstance(values, list) or len(values) != len(types):
            raise ValueError
        return [_typed(value, kind) for value, kind in zip(values, types, strict=True)]
    except (ValueError, RecursionError, OverflowError) as error:
        raise BadCursor("The place to continue from is not readable.") from error


def _typed(value: object, kind: type) -> Any:
    if kind is float and type(value) is int:
        return float(value)
    if type(value) is not kind or (isinstance(value, str) and "\x00" in value):
        raise ValueError
    # Beyond bigint, and NaN or infinity, are no value of a row.
    if isinstance(value, int | float) and not abs(value) < 2**63:
        raise ValueError
    return value


def row_after(columns: Sequence[str], values: Sequence[Any], *, descending: bool) -> Func:
    """A condition that holds for rows ordered after `values`: one row comparison, which a composite index answers."""
    left = Func(*[F(column) for column in columns], function="ROW", output_field=BooleanField())
    right = Func(*[Value(value) for value in values], function="ROW", output_field=BooleanField())
    joiner = " < " if descending else " > "
    return Func(left, right, template="%(expressions)s", arg_joiner=joiner, output_field=BooleanField())
