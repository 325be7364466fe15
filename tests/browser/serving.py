"""A tiny server for tests of assets alone: static files and made-up pages under the application's content policy."""

import mimetypes
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.staticfiles import finders

if TYPE_CHECKING:
    from collections.abc import Iterator

mimetypes.add_type("application/wasm", ".wasm")
mimetypes.add_type("font/woff2", ".woff2")


@dataclass
class Site:
    """What is served: `answers` maps a path to (content type, body); /static/ comes from the project."""

    address: str = ""
    answers: dict[str, tuple[str, bytes]] = field(default_factory=dict)


def content_policy() -> str:
    """The application's Content-Security-Policy header."""
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    return "; ".join(f"{name} {' '.join(sources)}" for name, sources in directives.items())


@contextmanager
def served_site() -> "Iterator[Site]":
    """A server on a free local port, stopped at the end."""
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.split("?")[0]
            content_type, body = site.answers.get(path) or _static(path) or ("", b"")
            self.send_response(200 if content_type else 404)
            self.send_header("Content-Type", content_type or "text/plain")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Content-Security-Policy", content_policy())
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: the standard handler writes every request to stderr."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site.address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()


def _static(path: str) -> tuple[str, bytes] | None:
    found = path.startswith("/static/") and finders.find(path.removeprefix("/static/"))
    if not found:
        return None
    return mimetypes.guess_type(found)[0] or "application/octet-stream", Path(found).read_bytes()
