"""Telling that a row changed since a form was opened: a short token of what the person saw travels in the form."""

import hashlib
import json
from typing import Any


def version_of(*values: Any) -> str:
    """A token of these values, the same for the same values.

    >>> version_of("Orc", []) == version_of("Orc", []), version_of("Orc", []) == version_of("Orc", ["x"])
    (True, False)
    """
    return hashlib.sha256(json.dumps(values, sort_keys=True, default=str).encode()).hexdigest()[:16]


class ChangedMeanwhile(Exception):
    """Somebody else changed the row since its form was opened. Look at theirs, then save again."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"Somebody else changed this {what} since you opened it. Their version is saved; look at it, then save yours."
        )
