"""Which licence a text is or names, as an SPDX identifier (https://spdx.org/licenses). What is not certain is not told."""

import re
from itertools import islice
from typing import Final

_BLANKS: Final = re.compile(r"[\s*_#>=|`“”\"]+")
_IDENTIFIER: Final = re.compile(
    r"(?:LicenseRef-[A-Za-z0-9.-]{1,50}|[A-Za-z][A-Za-z0-9.+-]{1,40}-\d[A-Za-z0-9.+-]{0,20})\Z"
)

# Whole texts: the first entry whose phrases all occur is it. Titles are sought near the beginning only, because licences
# name each other.
_TITLE_CHARS: Final = 600
_TITLES: Final = (
    ("AGPL-3.0-only", ("gnu affero general public license", "version 3, 19 november 2007")),
    ("LGPL-3.0-only", ("gnu lesser general public license", "version 3, 29 june 2007")),
    ("LGPL-2.1-only", ("gnu lesser general public license", "version 2.1, february 1999")),
    ("GPL-3.0-only", ("gnu general public license", "version 3, 29 june 2007")),
    ("GPL-2.0-only", ("gnu general public license", "version 2, june 1991")),
    ("Apache-2.0", ("apache license", "version 2.0, january 2004")),
    ("MPL-2.0", ("mozilla public license", "version 2.0")),
    ("CERN-OHL-S-2.0", ("cern open hardware licence version 2 - strongly reciprocal",)),
    ("CERN-OHL-W-2.0", ("cern open hardware licence version 2 - weakly reciprocal",)),
    ("CERN-OHL-P-2.0", ("cern open hardware licence version 2 - permissive",)),
    ("CERN-OHL-1.2", ("cern open hardware licence v1.2",)),
    ("TAPR-OHL-1.0", ("tapr open hardware license", "version 1.0")),
    ("WTFPL", ("do what the fuck you want to public license",)),
)
_WITHOUT_VERSION: Final = frozenset({"ISC", "Unlicense", "WTFPL", "Zlib"})
_BODIES: Final = (
    ("Unlicense", ("this is free and unencumbered software released into the public domain",)),
    (
        "MIT",
        (
            "permission is hereby granted, free of charge, to any person obtaining a copy of this software",
            "the above copyright notice and this permission notice shall be included",
        ),
    ),
    (
        "ISC",
        (
            "permission to use, copy, modify, and/or distribute this software for any purpose with or without fee",
            "appear in all copies",
        ),
    ),
    ("BSD-3-Clause", ("redistribution and use in source and binary forms", "neither the name")),
    ("BSD-2-Clause", ("redistribution and use in source and binary forms",)),
)

_CC_ADDRESS: Final = re.compile(r"creativecommons\.org/licenses/(by(?:-nc)?(?:-nd|-sa)?)/(\d\.\d)")
_CC_ZERO: Final = re.compile(r"creativecommons\.org/publicdomain/zero/1\.0|\bcc[ -]?0\b")
_CC_SHORT: Final = re.compile(r"\bcc[ -](by(?:[ -]nc)?(?:[ -](?:nd|sa))?)[ -]v?(\d\.\d)\b")
_CC_LONG: Final = re.compile(
    r"\battribution((?:[ -]+(?:non[ -]?commercial|no[ -]?deriv(?:ative)?s?|share[ -]?alike))*) (\d\.\d)\b"
)
_SHORT_NAMES: Final = (
    ("MIT", re.compile(r"\bmit(?: licen[sc]e)?\b")),
    ("Apache-2.0", re.compile(r"\bapache(?: licen[sc]e)?,?[ -](?:version )?v?2(?:\.0)?\b")),
    ("BSD-3-Clause", re.compile(r"\bbsd[ -]3[ -]clause\b|\b3-clause bsd\b")),
    ("BSD-2-Clause", re.compile(r"\bbsd[ -]2[ -]clause\b|\b2-clause bsd\b")),
    ("AGPL-3.0", re.compile(r"\bagpl[ -]?v?3(?:\.0)?|\baffero general public licen[sc]e,? (?:version |v)3")),
    ("LGPL-3.0", re.compile(r"\blgpl[ -]?v?3(?:\.0)?|\blesser general public licen[sc]e,? (?:version |v)3")),
    ("GPL-3.0", re.compile(r"(?<![al])\bgpl[ -]?v?3(?:\.0)?|\bgnu general public licen[sc]e,? (?:version |v)3")),
    ("GPL-2.0", re.compile(r"(?<![al])\bgpl[ -]?v?2(?:\.0)?|\bgnu general public licen[sc]e,? (?:version |v)2")),
)  # fmt: skip
_OR_LATER: Final = re.compile(r"\bor[ -](?:\(at your option\) )?(?:any )?later\b|\d\+")
_MENTION: Final = re.compile(r"licen[sc](?:e|ed|ing)\b")
_MENTION_CHARS: Final = 250
_MOST_MENTIONS: Final = 100


def license_of_text(text: str) -> str:
    """Return the licence that `text`, the content of a file named LICENSE, is; empty if that is not certain.

    >>> license_of_text("MIT License\\n\\nCopyright…")
    'MIT'
    """
    plain = _plain(text)
    for identifier, phrases in _TITLES:
        if all(phrase in plain[:_TITLE_CHARS] for phrase in phrases):
            return identifier
    for identifier, phrases in _BODIES:
        if all(phrase in plain for phrase in phrases):
            return identifier
    # The texts of Creative Commons name each other further down.
    return _only(_named_in(plain[:_TITLE_CHARS]))


def license_mentioned(text: str) -> str:
    """Return the licence that `text`, some prose, says holds; empty if it names none, or several.

    >>> license_mentioned("Print slowly. Licence: CC0 1.0."), license_mentioned("A holder for MIT badges.")
    ('CC0-1.0', '')
    """
    plain = _plain(text)
    named: set[str] = set()
    for mention in islice(_MENTION.finditer(plain), _MOST_MENTIONS):
        named |= _named_in(plain[max(0, mention.start() - 40) : mention.end() + _MENTION_CHARS])
    return _only(named)


def license_identifier(name: str) -> str:
    """Return `name` if it is built as an SPDX identifier is, else the licence that it names; empty if it names none.

    >>> license_identifier("CC-BY-4.0"), license_identifier("Creative Commons Attribution 4.0"), license_identifier("free")
    ('CC-BY-4.0', 'CC-BY-4.0', '')
    """
    named = _only(_named_in(_plain(name)))
    if named:
        return named
    return name if _IDENTIFIER.match(name) or name in _WITHOUT_VERSION else ""


def _plain(text: str) -> str:
    return _BLANKS.sub(" ", text.lower().replace("–", "-")).strip()


def _named_in(plain: str) -> set[str]:
    named = {f"CC-{kind.upper()}-{version}" for kind, version in _CC_ADDRESS.findall(plain)}
    named |= {f"CC-{kind.upper().replace(' ', '-')}-{version}" for kind, version in _CC_SHORT.findall(plain)}
    named |= {f"CC-BY{_conditions(words)}-{version}" for words, version in _CC_LONG.findall(plain)}
    if _CC_ZERO.search(plain):
        named.add("CC0-1.0")
    if named:
        return named
    for identifier, pattern in _SHORT_NAMES:
        if found := pattern.search(plain):
            if "GPL" in identifier:
                is_later = _OR_LATER.search(plain[found.start() : found.end() + 60])
                identifier += "-or-later" if is_later else "-only"
            named.add(identifier)
    return named


def _conditions(words: str) -> str:
    """The part of an identifier that the long words of Creative Commons stand for."""
    ends = (("commercial", "-NC"), ("deriv", "-ND"), ("alike", "-SA"))
    return "".join(short for word, short in ends if word in words)


def _only(named: set[str]) -> str:
    return named.pop() if len(named) == 1 else ""
