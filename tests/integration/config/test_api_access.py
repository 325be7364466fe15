"""Every operation of the API, tried by everybody: by session, by tokens that are good, expired, unknown, or of another scope."""

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import transaction
from django.test import Client
from django.utils import timezone

from config.accounts.models import ApiToken
from config.accounts.tokens import make_token
from config.api.gate import openapi
from libraries.models import Library
from models3d.models import Model3D
from models3d.previews import PICTURE, preview_path
from tests.integration.config.access_table import PEOPLE
from tests.integration.config.api_table import OPERATIONS, PARTS
from tests.integration.config.scenes import SECRET, SHA256, WORD, Scene, scene

_OUTCOMES = {401: "sign-in", 403: "refused", 404: "hidden"}
# What is answered to somebody who was let in, where the scene gives nothing to do.
_LET_IN = {409, 410}


@dataclass(frozen=True)
class Operation:
    """One operation of the description."""

    name: str
    method: str
    path: str
    scope: str


@pytest.fixture
def stage(db: None, tmp_path: Path, settings: Any) -> Scene:
    settings.PREVIEWS_DIR = tmp_path / "previews"
    settings.UPLOADS_DIR = tmp_path / "uploads"
    settings.API_REQUESTS_PER_MINUTE = 0
    library = tmp_path / "library"
    library.mkdir()
    made = scene(library)
    Library.objects.update(is_read_only=False)
    Model3D.objects.update(cover_sha256=SHA256)
    preview_path(SHA256, PICTURE).write_bytes(b"RIFF")
    (tmp_path / "another").mkdir()
    return Scene(made.people, made.parts | {"folder": str(tmp_path / "another")}, made.sessions)


def operations() -> Iterator[Operation]:
    paths: Any = openapi()["paths"]
    for path, by_method in paths.items():
        for method, told in by_method.items():
            if method != "head" or "get" not in by_method:
                yield Operation(told["operationId"], method.upper(), path, told["x-scope"])


def test_every_operation_has_a_line_in_the_table() -> None:
    assert {one.name for one in operations()} == set(OPERATIONS)


def test_operations_let_in_whom_the_table_says(stage: Scene) -> None:
    wrong = []

    for one in operations():
        for person in PEOPLE:
            outcome = outcome_of(ask(stage, one, stage.client_of(person)))
            if outcome != OPERATIONS[one.name].who.outcomes[person]:
                wrong.append(f"{person} {one.name}: {outcome}")

    assert wrong == []


def test_a_token_does_what_its_scope_says_and_no_more(stage: Scene) -> None:
    owner, wrong = stage.people["owner"], []
    scopes = [str(scope) for scope in ApiToken.Scope.values]
    secrets = {
        scope: (
            make_token(owner, name="one", scopes=[scope], expires_at=None)[1],
            make_token(owner, name="rest", scopes=[s for s in scopes if s != scope], expires_at=None)[1],
        )
        for scope in scopes
    }

    for one in operations():
        good, other = secrets[one.scope]
        if outcome_of(ask(stage, one, Client(), good)) != "ok":
            wrong.append(f"{one.name} refuses the scope {one.scope}")
        if ask(stage, one, Client(), other).status_code != 403:
            wrong.append(f"{one.name} takes another scope than {one.scope}")

    assert wrong == []


def test_an_expired_or_unknown_token_opens_nothing(stage: Scene) -> None:
    expired = timezone.now() - timedelta(seconds=1)
    scopes = list(ApiToken.Scope.values)
    _, old = make_token(stage.people["owner"], name="old", scopes=scopes, expires_at=expired)

    opened = [
        one.name
        for one in operations()
        for secret in (old, "layershelf_unknown")
        if ask(stage, one, Client(), secret).status_code != 401
    ]

    assert opened == []


def test_a_token_of_a_stranger_does_no_more_than_the_stranger(stage: Scene) -> None:
    scopes = list(ApiToken.Scope.values)
    _, secret = make_token(stage.people["stranger"], name="all", scopes=scopes, expires_at=None)

    wrong = [
        one.name
        for one in operations()
        if outcome_of(ask(stage, one, Client(), secret)) != OPERATIONS[one.name].who.stranger
    ]

    assert wrong == []


def test_no_answer_names_anything_of_a_hidden_library(stage: Scene) -> None:
    telling = []

    for one in operations():
        for query in ("", f"?q={WORD}&name={WORD}", f"?tag={stage.parts['tag']}"):
            line = OPERATIONS[one.name]
            if one.method == "GET" and line.who.stranger == "ok" and not (query and line.query):
                answer = ask(stage, one, stage.client_of("stranger"), query=query)
                if SECRET in answer.content.decode():
                    telling.append(one.name + query)

    assert telling == []


def test_changes_by_session_need_the_token_against_forgery(stage: Scene) -> None:
    let_in = []

    for one in operations():
        client = Client(enforce_csrf_checks=True)
        client.cookies[django_settings.SESSION_COOKIE_NAME] = stage.sessions["owner"]
        status = ask(stage, one, client).status_code
        if one.method not in {"GET", "HEAD"} and status != 403:
            let_in.append(one.name)

    assert let_in == []


def ask(stage: Scene, one: Operation, client: Client, secret: str = "", query: str = "") -> Any:
    """The answer to one operation; whatever it did is undone."""
    line = OPERATIONS[one.name]
    headers = dict(line.headers)
    if secret:
        headers["Authorization"] = f"Bearer {secret}"
    if one.name == "announce_file":
        pairs = {"batch": str(stage.parts["upload_batch"]), "path": "a.stl"}
        headers["Upload-Metadata"] = ",".join(
            f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in pairs.items()
        )
    body = json.dumps(filled(line.body, stage)) if line.body else "solid"
    kind = headers.pop("Content-Type", "application/json")
    with transaction.atomic():
        address = address_of(one, stage) + (query or line.query)
        answer: Any = client.generic(one.method, address, body, content_type=kind, headers=headers)
        if answer.streaming:
            b"".join(answer.streaming_content)
        transaction.set_rollback(True)
    return answer


def outcome_of(answer: Any) -> str:
    """In the words of the table."""
    assert answer.status_code < 400 or answer["Content-Type"] == "application/problem+json"
    if answer.status_code in _OUTCOMES:
        return _OUTCOMES[answer.status_code]
    is_let_in = answer.status_code < 400 or answer.status_code in _LET_IN
    return "ok" if is_let_in else str(answer.status_code)


def address_of(one: Operation, stage: Scene) -> str:
    """The address of an operation, with the rows of the scene in it."""
    path = one.path
    while found := re.search(r"/\{\w+\}", path):
        before = path[: found.start()]
        word = PARTS[max((known for known in PARTS if before.endswith(f"/{known}")), key=len)]
        value = word[1:] if word.startswith("=") else str(stage.parts[word])
        path = f"{before}/{value}{path[found.end() :]}"
    return path


def filled(value: Any, stage: Scene) -> Any:
    """A body with the rows of the scene in place of the words in braces."""
    if isinstance(value, dict):
        return {name: filled(one, stage) for name, one in value.items()}
    if isinstance(value, list):
        return [filled(one, stage) for one in value]
    if isinstance(value, str) and value.startswith("{"):
        return stage.parts[value[1:-1]]
    return value
