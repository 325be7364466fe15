"""Which files of a model are papers about it, and what all of them together tell."""

import re
from collections.abc import Iterable, Mapping
from enum import Enum
from functools import reduce
from typing import Final

from libraries.paths import IN_ARCHIVE, archive_and_member
from scanning.sidefiles.datapackage import told_by_datapackage
from scanning.sidefiles.decoding import decoded
from scanning.sidefiles.licenses import license_of_text
from scanning.sidefiles.readme import told_by_readme
from scanning.sidefiles.told import Told, tidy_text

# No paper is read further than this.
MOST_BYTES: Final = 65_536
# Postgres' own expression for what may be a paper; `paper_kind` looks closer.
LIKELY: Final = r"(^|/)(read.?me|liesmich|licen[sc]e|copying|unlicense|datapackage)[^/]*$"

_README: Final = re.compile(r"(?:read[ _-]?me|liesmich)(?:\.(?:md|markdown|txt|rst))?\Z", re.IGNORECASE)
_LICENSE: Final = re.compile(
    r"(?:licen[sc]e|copying|unlicense)(?:[ ._-][^.]*)?(?:\.(?:md|txt))?\Z", re.IGNORECASE
)
# Papers of parts that lie deeper are not about the whole.
_DEEPEST: Final = 1
# Members of these are had without unpacking what lies before them.
_QUICK_ARCHIVES: Final = (".zip",)
_CUT: Final = "\n\n…"


class Paper(Enum):
    """The kinds of paper; where several tell the same thing, the first counts."""

    DATAPACKAGE = "datapackage"
    LICENSE = "license"
    README = "readme"


def paper_kind(path: str) -> Paper | None:
    """Return what kind of paper the file at `path` is by its name.

    >>> [paper_kind(path) for path in ("Orc/README.md", "x/LICENSE-CC-BY.txt", "readme.stl")]
    [<Paper.README: 'readme'>, <Paper.LICENSE: 'license'>, None]
    """
    name = path.rpartition("/")[2]
    if name.lower() == "datapackage.json":
        return Paper.DATAPACKAGE
    if _README.match(name):
        return Paper.README
    return Paper.LICENSE if _LICENSE.match(name) else None


def papers_of(model_path: str, paths: Iterable[str]) -> dict[Paper, str]:
    """Choose the paper of each kind that is about the model at `model_path`: the one nearest to its folder.

    >>> papers_of("Tap", ["Tap/parts/README.md", "Tap/README.md", "Tap/LICENSE"])
    {<Paper.LICENSE: 'license'>: 'Tap/LICENSE', <Paper.README: 'readme'>: 'Tap/README.md'}
    """
    found: dict[Paper, list[tuple[int, str]]] = {}
    for path in paths:
        kind, depth = paper_kind(path), _depth(model_path, path)
        if kind and depth <= _DEEPEST and _is_quick(path):
            found.setdefault(kind, []).append((depth, path))
    return {kind: min(found[kind])[1] for kind in Paper if kind in found}


def told_by_papers(papers: Mapping[Paper, str], contents: Mapping[str, bytes]) -> Told:
    """Return what the papers tell, given the first MOST_BYTES of each by path; those without content are passed over."""
    told = [
        _told(kind, papers[kind], contents[papers[kind]]) for kind in Paper if papers.get(kind) in contents
    ]
    return reduce(Told.or_else, told, Told())


def _told(kind: Paper, path: str, content: bytes) -> Told:
    text = decoded(content)
    if kind is Paper.DATAPACKAGE:
        return told_by_datapackage(text)
    if kind is Paper.LICENSE:
        return Told(license=license_of_text(tidy_text(text)))
    if len(content) >= MOST_BYTES:
        text += _CUT
    return told_by_readme(text, is_markdown=path.lower().endswith((".md", ".markdown")))


def _depth(model_path: str, path: str) -> int:
    return path.replace(IN_ARCHIVE, "/").removeprefix(f"{model_path}/").count("/")


def _is_quick(path: str) -> bool:
    inside = archive_and_member(path)
    return inside is None or inside[0].lower().endswith(_QUICK_ARCHIVES)
