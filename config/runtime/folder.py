"""The data folder: where things lie in it, by which version and keys it goes.

    postgres/  valkey/  logs/  run/       the embedded services
    static/                               what collectstatic gathers, where that is wanted
    previews/  cache/                     made by the apps
    VERSION    secret-key                 one line each
    credentials-key                       what secrets of libraries are encrypted under

Sockets live in run/ unless that path is too long or too odd for a socket's address; then in a private folder below
/tmp, or /run for root.
"""

import base64
import hashlib
import os
import re
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

from config.runtime.errors import FolderNotUsable, FolderTooNew, folder_error

DATA_VERSION = 1
# Signs nothing of value: it serves checks and builds in a checkout that has no data folder yet.
THROW_AWAY_KEY = "throw-away-key-of-a-checkout-without-a-data-folder"
# sun_path has 108 bytes with the closing zero byte; Postgres' socket has the longest name.
LONGEST_SOCKET_PATH = 107
LEAST_FREE_BYTES = 16 * 1024**2
POSTGRES_SOCKET = ".s.PGSQL.5432"
# Others have a meaning in the broker's URL or in Postgres' list of folders.
PLAIN_PATH = re.compile(r"[A-Za-z0-9/._-]+")


@dataclass(frozen=True)
class DataFolder:
    """One data folder. Making the object touches nothing on disk; `prepare` does."""

    root: Path

    @property
    def postgres(self) -> Path:
        return self.root / "postgres"

    @property
    def valkey(self) -> Path:
        return self.root / "valkey"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def run(self) -> Path:
        return self.root / "run"

    @property
    def socket_dir(self) -> Path:
        """Where the sockets of Postgres and Valkey are. Not below TMPDIR, which differs between shells and services."""
        is_short = len(os.fsencode(self.run / POSTGRES_SOCKET)) <= LONGEST_SOCKET_PATH
        if is_short and PLAIN_PATH.fullmatch(str(self.run)):
            return self.run
        digest = hashlib.sha256(os.fsencode(self.root)).hexdigest()[:16]
        base = "/run" if os.geteuid() == 0 else "/tmp"
        return Path(f"{base}/layershelf-{os.geteuid()}-{digest}")

    @property
    def valkey_socket(self) -> Path:
        return self.socket_dir / "valkey.sock"

    @property
    def beat_schedule(self) -> Path:
        return self.run / "beat-schedule"

    def log_of(self, name: str) -> Path:
        """The log file of the child process `name`."""
        return self.logs / f"{name}.log"

    def is_full(self) -> bool:
        """Whether the disk has no room for one more segment of Postgres' log, so that any failure is put down to it."""
        return shutil.disk_usage(self.root).free < LEAST_FREE_BYTES

    def secret_key(self) -> str:
        """The key kept in the folder, made if the folder exists without one; the throw-away key if there is no folder."""
        path = self.root / "secret-key"
        try:
            return path.read_text(encoding="ascii").strip() or THROW_AWAY_KEY
        except OSError:
            return self._make_secret_key(path) if self.root.is_dir() else THROW_AWAY_KEY

    def _make_secret_key(self, path: Path) -> str:
        try:
            return _made_once(path, secrets.token_urlsafe(48))
        except OSError:
            return THROW_AWAY_KEY

    def credentials_keys(self) -> list[str]:
        """The keys that secrets of libraries are encrypted under, one a line, made once; raises OSError.

        The first one encrypts; the others still decrypt.
        """
        path = self.root / "credentials-key"
        try:
            return path.read_text(encoding="ascii").split()
        except FileNotFoundError:
            return [_made_once(path, base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())]

    def prepare(self) -> None:
        """Make the folder and its parts, and check its version. Raises StartupError with a sentence."""
        try:
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._check_version()
            for part in (self.postgres, self.valkey, self.logs, self.run, self.root / "static"):
                part.mkdir(mode=0o700, exist_ok=True)
            if self.socket_dir != self.run:
                self._make_private_socket_dir()
            self.credentials_keys()
        except OSError as error:
            raise folder_error(error, self.root) from error
        if self.secret_key() == THROW_AWAY_KEY:
            raise FolderNotUsable(
                f"The secret key in {self.root} can be neither read nor made. Check its rights."
            )

    def _check_version(self) -> None:
        stamp = self.root / "VERSION"
        if not stamp.exists():
            stamp.write_text(f"{DATA_VERSION}\n", encoding="ascii")
            return
        text = stamp.read_text(encoding="ascii", errors="replace").strip()
        if not text.isdecimal():
            raise FolderNotUsable(
                f"{stamp} says “{text[:40]}” where a number belongs. Is this a data folder?"
            )
        if int(text) > DATA_VERSION:
            raise FolderTooNew(
                f"The data folder {self.root} was written by a newer Layershelf (data version {text}; this one "
                f"knows {DATA_VERSION}). Update Layershelf, or choose another folder with --data."
            )

    def _make_private_socket_dir(self) -> None:
        """Others may write to /tmp, so the folder must turn out to be a real one of this user that nobody else enters."""
        self.socket_dir.mkdir(mode=0o700, exist_ok=True)
        facts = self.socket_dir.lstat()
        # Root's lies in /run, where only root makes folders, and may have been given to Postgres' user.
        if os.geteuid() not in (0, facts.st_uid) or facts.st_mode != 0o40700:
            raise FolderNotUsable(
                f"{self.socket_dir} exists but is not a private folder of yours. Remove it."
            )


def _made_once(path: Path, text: str) -> str:
    """Write a line under its final name only when it is complete; the first of two writers wins, and its text is returned."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(f"{text}\n")
        os.link(draft, path)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    finally:
        draft.unlink(missing_ok=True)
    return text
