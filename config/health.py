"""Whether this installation is alive, and whether it is ready: what orchestrators and monitors ask, without signing in."""

import os
from collections.abc import Callable
from typing import Final

import psycopg
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache

from config.runtime.migrations import lacks_migrations

_SECONDS: Final = 2
_FINE: Final = "ok"


@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that the web process answers; asks neither database nor broker."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@login_not_required
def readyz(request: HttpRequest) -> JsonResponse:
    """Say part by part whether requests can be served: 200 if all parts are fine, else 503. Names no address and no path."""
    parts = {name: part() for name, part in PARTS.items()}
    is_ready = all(answer == _FINE for answer in parts.values())
    return JsonResponse({"ready": is_ready, "parts": parts}, status=200 if is_ready else 503)


def database_answer() -> str:
    """Whether the database takes a new connection, and knows every migration."""
    parameters = connection.get_connection_params()
    address = {
        name: parameters[name]
        for name in ("host", "port", "dbname", "user", "password", "sslmode")
        if parameters.get(name)
    }
    try:
        with psycopg.connect(**address, connect_timeout=_SECONDS) as own:
            rows = own.execute("SELECT app, name FROM django_migrations").fetchall()
    except psycopg.errors.UndefinedTable:
        return "has no tables yet"
    except psycopg.Error:
        return "does not answer"
    return "is not up to date" if lacks_migrations(set(rows)) else _FINE


def data_folder_answer() -> str:
    """Whether the data folder takes files."""
    if not os.access(settings.DATA_DIR, os.W_OK | os.X_OK):
        return "cannot be written"
    return "is full" if settings.DATA_FOLDER.is_full() else _FINE


def broker_answer() -> str:
    """Whether the broker takes commands."""
    import redis

    address = settings.CELERY_BROKER_URL.replace("redis+socket://", "unix://", 1)
    address = address.replace("valkey", "redis", 1) if address.startswith("valkey") else address
    try:
        with redis.Redis.from_url(
            address, socket_connect_timeout=_SECONDS, socket_timeout=_SECONDS
        ) as client:
            client.ping()
    except redis.RedisError:
        return "does not answer"
    return _FINE


PARTS: Final[dict[str, Callable[[], str]]] = {
    "database": database_answer,
    "data_folder": data_folder_answer,
    "broker": broker_answer,
}
