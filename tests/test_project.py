"""What holds for the project as a whole: who may point at whom, what is open to strangers, what pages and locks may contain."""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver

ROOT = Path(__file__).resolve().parents[1]
# Lower rooms first; those of one floor do not know each other.
FLOORS = [
    {"contenttypes"},
    {"auth"},
    {"accounts"},
    {"libraries", "collections_app"},
    {"models3d"},
    {"scanning"},
    {"sharing"},
]
OPEN_TO_STRANGERS = {
    "healthz",
    "readyz",
    "metrics",
    "accounts:set_up",
    "accounts:sign_in",
    "accounts:sign_out",
    "accounts:join",  # the secret in its address lets in
    # so does the signature in these
    "sharing:opened",
    "models3d:signed_file",
    "sharing:model",
    "sharing:download",
    "sharing:download_model",
    "sharing:preview",
    "admin:login",
    "api",  # answers strangers itself: a problem in JSON, not a page
    "api_description",
}
HEAVY = {
    "ninja",
    "pydantic",
    "prometheus_client",
    "lark",
    "numpy",
    "trimesh",
    "boto3",
    "botocore",
    "storages",
    "numba",
    "PIL",
    "DracoPy",
    "cascadio",
    "pypdfium2",
    "resvg_py",
}

_LOAD_WEB = """
import json, sys
import config.wsgi
from django.urls import get_resolver
from django.test import RequestFactory
get_resolver().reverse_dict
from django.contrib import admin
admin.autodiscover()
print(json.dumps(sorted(sys.modules)))
"""


def test_relations_between_apps_point_down_the_layer_order() -> None:
    wrong = []
    for model in _our_models():
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if field.auto_created or target is None:
                continue
            source_app, target_app = model._meta.app_label, target._meta.app_label
            if source_app != target_app and _floor(target_app) >= _floor(source_app):
                wrong.append(f"{model.__name__}.{field.name} → {target_app}")

    assert wrong == []


def test_every_address_needs_a_signed_in_person_but_for_the_marked_ones() -> None:
    unmarked = {name for name, view in _views(get_resolver()) if not getattr(view, "login_required", True)}

    assert unmarked <= OPEN_TO_STRANGERS


def test_no_template_holds_inline_script_style_or_handlers() -> None:
    patterns = {
        "inline script": re.compile(r"<script(?![^>]*\bsrc=)[^>]*>", re.I),
        "style": re.compile(r"<style|\sstyle\s*=", re.I),
        "handler": re.compile(r"<[^>]*\s(on[a-z]+|hx-on[:a-z-]*)\s*=", re.I),
        "javascript address": re.compile(r"javascript:", re.I),
        "trigger filter, which needs eval": re.compile(r"hx-trigger=\"[^\"]*\[", re.I),
        "other host": re.compile(r"(?:src|href)=[\"'](?:https?:)?//", re.I),
    }

    found = [
        f"{path.relative_to(ROOT)}: {what}"
        for path in (ROOT / "templates").rglob("*.html")
        for what, pattern in patterns.items()
        if pattern.search(path.read_text(encoding="utf-8"))
    ]

    assert found == []


def test_the_python_lock_names_the_public_index_only() -> None:
    hosts = set(re.findall(r"https?://([^/\"]+)", (ROOT / "uv.lock").read_text(encoding="utf-8")))

    assert hosts <= {"pypi.org", "files.pythonhosted.org"}


def test_the_node_lock_names_no_registry() -> None:
    lock = json.loads((ROOT / "frontend/package-lock.json").read_text(encoding="utf-8"))

    assert [name for name, package in lock["packages"].items() if "resolved" in package] == []


def test_the_web_process_loads_nothing_heavy() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", _LOAD_WEB], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert HEAVY & set(json.loads(loaded.stdout.splitlines()[-1])) == set()


@pytest.mark.parametrize("room", ["config", "libraries", "collections_app", "models3d", "scanning"])
def test_every_module_says_in_its_first_line_what_it_is_for(room: str) -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in (ROOT / room).rglob("*.py")
        if path.stat().st_size and "migrations" not in path.parts and not _has_docstring(path)
    ]

    assert silent == []


def _has_docstring(path: Path) -> bool:
    return ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) is not None


def _our_models() -> Iterator[type[Model]]:
    ours = set[str]().union(*FLOORS[2:])
    return (model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in ours)


def _floor(app: str) -> int:
    return next(number for number, floor in enumerate(FLOORS) if app in floor)


def _views(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, object]]:
    """Name and function of each address."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield f"{prefix}{entry.name}", entry.callback
        else:
            yield from _views(entry, f"{prefix}{entry.namespace}:" if entry.namespace else prefix)
