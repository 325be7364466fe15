"""Moving 2 GB through the web process, down as a ZIP and up by tus: what memory it takes beyond what it holds idle."""

import re
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPResponse
from http.cookiejar import CookieJar
from pathlib import Path

from benchmarks.bench_runtime import family, free_port, pss_mb, role, wait_for
from benchmarks.figures import Figure

_ROOT = Path(__file__).resolve().parents[1]
_BYTES = 2_000_000_000
_FILES = 4
_PIECE = bytes(8 << 20)
_SETTLE_SECONDS = 5.0
_MOST_MB = 60.0


def run(folder: Path) -> Iterator[Figure]:
    """One process as it is run every day, with a model of 2 GB."""
    library = folder / "library" / "Large"
    library.mkdir(parents=True)
    (library / "part.stl").write_bytes(b"solid\nendsolid\n")
    for number in range(_FILES):
        with (library / f"data{number}.bin").open("wb") as file:
            file.truncate(_BYTES // _FILES)
    port = free_port()
    up = [sys.executable, "manage.py", "up", "--data", str(folder / "data"), "--port", str(port)]
    process = subprocess.Popen([*up, "--library", str(library.parent)], cwd=_ROOT, stdout=subprocess.DEVNULL)
    try:
        site = _Site(f"http://127.0.0.1:{port}")
        wait_for(f"{site.address}/healthz")
        site.sign_in()
        model = site.find(r'href="/models/(\d+)/large/"', "/")
        time.sleep(_SETTLE_SECONDS)
        web = next(pid for pid in family(process.pid) if role(pid) == "web")
        idle = pss_mb(web)
        works: dict[str, Callable[[], None]] = {
            "ZIP download": lambda: site.download(model),
            "tus upload": site.upload,
        }
        for name, work in works.items():
            start = time.perf_counter()
            with _peak_of(web) as peak:
                work()
            yield Figure(f"2 GB {name}", time.perf_counter() - start, "s")
            yield Figure(f"2 GB {name}, memory of the web process above idle", peak[0] - idle, "MB", _MOST_MB)
    finally:
        process.terminate()
        process.wait(timeout=30)


class _Site:
    """A browser without a face."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._cookies = CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._cookies))

    def sign_in(self) -> None:
        self._ask("GET", "/account/set-up/").close()
        form = {
            "username": "bench",
            "password1": "correct horse battery",
            "password2": "correct horse battery",
        }
        self._post("/account/set-up/", form)

    def find(self, pattern: str, path: str) -> str:
        """Wait until the page shows what fits `pattern`, and return its group."""
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            found = re.search(pattern, self._ask("GET", path).read().decode())
            if found:
                return found[1]
            time.sleep(0.2)
        raise TimeoutError(f"{path} never showed {pattern}.")

    def download(self, model: str) -> None:
        left = _BYTES
        with self._ask("GET", f"/models/{model}/download/") as answer:
            while chunk := answer.read(1 << 20):
                left -= len(chunk)
        assert left <= 0

    def upload(self) -> None:
        library = self.find(r'href="/libraries/(\d+)/"', "/libraries/")
        settings = {"name": "Large", "grouping": "folders", "scan_interval_minutes": "0", "takes_files": "on"}
        self._post(f"/libraries/{library}/", settings)
        begun = self._post("/uploads/", {"library": library, "begin": "1"})
        batch = b64encode(begun.url.rstrip("/").rpartition("/")[2].encode()).decode()
        tus = {"Tus-Resumable": "1.0.0", "X-CSRFToken": self._token()}
        told = f"batch {batch},path {b64encode(b'large.bin').decode()}"
        announced = self._ask(
            "POST", "/uploads/tus/", headers={**tus, "Upload-Length": str(_BYTES), "Upload-Metadata": told}
        )
        path = urllib.parse.urlsplit(announced.headers["Location"]).path
        tus["Content-Type"] = "application/offset+octet-stream"
        for offset in range(0, _BYTES, len(_PIECE)):
            piece = _PIECE[: _BYTES - offset]
            self._ask("PATCH", path, body=piece, headers={**tus, "Upload-Offset": str(offset)}).close()

    def _post(self, path: str, form: dict[str, str]) -> HTTPResponse:
        body = urllib.parse.urlencode({**form, "csrfmiddlewaretoken": self._token()}).encode()
        return self._ask("POST", path, body=body)

    def _token(self) -> str:
        return next(cookie.value or "" for cookie in self._cookies if cookie.name == "csrftoken")

    def _ask(
        self, method: str, path: str, *, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> HTTPResponse:
        request = urllib.request.Request(self.address + path, data=body, headers=headers or {}, method=method)
        answer: HTTPResponse = self._opener.open(request, timeout=120)
        return answer


@contextmanager
def _peak_of(pid: int) -> Iterator[list[float]]:
    """Gives a list whose one number is the largest proportional set size of the process so far, in MB."""
    peak, is_over = [0.0], threading.Event()

    def look() -> None:
        while not is_over.wait(0.05):
            peak[0] = max(peak[0], pss_mb(pid))

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield peak
    finally:
        is_over.set()
        watcher.join()
