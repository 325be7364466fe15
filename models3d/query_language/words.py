"""Words of a text, cut as Postgres cuts the names of models (`layershelf_words`)."""

import re
from typing import Final

_NO_WORD: Final = re.compile(r"[\W_]+")


def words_of(text: str) -> str:
    """The words of `text` with blanks between: split at punctuation and at camelCase.

    >>> words_of("dragonHead_v2"), words_of("-")
    ('dragon Head v2', '')
    """
    spaced = "".join(
        f" {after}" if before.islower() and after.isupper() else after
        for before, after in zip(" " + text, text, strict=False)
    )
    return _NO_WORD.sub(" ", spaced).strip()
