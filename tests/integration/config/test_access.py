"""Every address, tried by everybody: who is let in is what `access_table` says, and what is hidden is named nowhere."""

from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import pytest
from django.db import transaction
from django.http import HttpResponseBase
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.integration.config.access_table import NOTHING_TO_SEE, OWNER, PEOPLE, TABLE, Line, is_for_owners
from tests.integration.config.scenes import SECRET, WORD, Scene, scene

_OUTCOMES = {
    HTTPStatus.UNAUTHORIZED: "sign-in",
    HTTPStatus.FORBIDDEN: "refused",
    HTTPStatus.NOT_FOUND: "hidden",
    HTTPStatus.METHOD_NOT_ALLOWED: "wrong method",
}


@pytest.fixture
def stage(db: None, tmp_path: Path, settings: Any) -> Scene:
    settings.PREVIEWS_DIR = tmp_path / "previews"
    settings.METRICS_TOKEN = "only programs know it"
    library = tmp_path / "library"
    library.mkdir()
    return scene(library)


def addresses(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """The full name of every address of the project."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLPattern):
            yield f"{prefix}{entry.name or entry.pattern}", entry
        else:
            yield from addresses(entry, f"{prefix}{entry.namespace}:" if entry.namespace else prefix)


def test_every_address_has_a_line_in_the_table() -> None:
    names = {name for name, _ in addresses()}

    missing = sorted(name for name in names - set(TABLE) - NOTHING_TO_SEE if not is_for_owners(name))
    gone = sorted(set(TABLE) - names)

    assert not missing, (
        f"Say in tests/integration/config/access_table.py who may see {', '.join(missing)}: "
        "one line each, as its first lines tell."
    )
    assert not gone, (
        f"Take {', '.join(gone)} out of tests/integration/config/access_table.py: no such address."
    )


@pytest.mark.parametrize("name", sorted(TABLE))
def test_an_address_lets_in_whom_the_table_says(stage: Scene, name: str) -> None:
    lines = TABLE[name]
    wrong = []

    for line in lines if isinstance(lines, list) else [lines]:
        address = address_of(name, line, stage)
        for person in PEOPLE:
            outcome = outcome_of(ask(stage, person, line, address))
            if outcome != line.outcomes[person]:
                wrong.append(f"{person} {line.method} {address}: {outcome}, not {line.outcomes[person]}")

    assert wrong == []


def test_pages_for_owners_only_let_in_nobody_else(stage: Scene) -> None:
    let_in = [
        f"{person}: {name}"
        for name, pattern in addresses()
        # Those without a row in the address; they all ask one function of Django's.
        if is_for_owners(name) and not pattern.pattern.regex.groups
        for person in ("editor", "anonymous")
        if outcome_of(ask(stage, person, OWNER, reverse(name))) == "ok"
    ]

    assert let_in == []


@pytest.mark.parametrize("person", ["stranger", "foreign editor"])
def test_no_page_names_anything_of_a_library_that_is_hidden(stage: Scene, person: str) -> None:
    telling = []

    for name, lines in TABLE.items():
        for line in lines if isinstance(lines, list) else [lines]:
            is_given_away = "key" in line.arguments  # addresses for guests
            if line.method == "GET" and line.outcomes[person] == "ok" and not is_given_away:
                address = address_of(name, line, stage)
                for query in (
                    "",
                    f"?q={WORD}",
                    f"?tag={stage.parts['tag']}&creator={stage.parts['creator']}",
                ):
                    answer = ask(stage, person, line, address if line.query else address + query)
                    if SECRET in content_of(answer):
                        telling.append(address + query)

    assert telling == []


def ask(stage: Scene, person: str, line: Line, address: str) -> HttpResponseBase:
    """The answer that `person` gets; whatever the request did is undone."""
    client = stage.client_of(person)
    with transaction.atomic():
        answer: Any = client.generic(line.method, address, content_type="application/x-www-form-urlencoded")
        transaction.set_rollback(True)
    return cast("HttpResponseBase", answer)


def outcome_of(answer: HttpResponseBase) -> str:
    """In the words of the table."""
    content_of(answer)  # a stream that is not read keeps its place among those that may run at once
    location = answer.headers.get("Location", "")
    if urlsplit(location).path == reverse("accounts:sign_in") and "next=" in location:
        return "sign-in"
    if urlsplit(location).path == reverse("admin:login"):
        return "refused"
    assert answer.status_code < 500
    return _OUTCOMES.get(HTTPStatus(answer.status_code), "ok")


def content_of(answer: Any) -> str:
    """The text of an answer, streamed or not."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return str(content.decode("utf-8", "replace"))


def address_of(name: str, line: Line, stage: Scene) -> str:
    """The address of a line of the table, with the rows of the scene in it."""
    arguments = {
        part: value[1:] if value.startswith("=") else stage.parts[value]
        for part, value in line.arguments.items()
    }
    return reverse(name, kwargs=arguments) + line.query.format(**stage.parts)
