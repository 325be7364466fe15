"""A real S3 server for tests: SeaweedFS, one for each test process that asks for a bucket."""

import json
import random
import shutil
import signal
import socket
import sysconfig
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from uuid import uuid4

from config.runtime.processes import Child, execute
from libraries.storage.s3.address import Bucket
from libraries.storage.s3.client import client_of
from tests.processes import LONGEST_WAIT_SECONDS

_KEYS = ("owner", "owner-secret")
# Somebody who may do nothing with the buckets of tests.
STRANGER_KEYS = ("stranger", "stranger-secret")
_COMPONENTS = ("master", "volume", "filer", "admin", "s3")


@dataclass
class S3Server:
    """A running server; `bucket` makes another empty one."""

    endpoint_url: str

    def bucket(self, **changes: Any) -> Bucket:
        """A new bucket that is really there, with `changes` to how it is described."""
        found = Bucket(
            name=f"b-{uuid4().hex[:12]}",
            endpoint_url=self.endpoint_url,
            uses_path_style=True,
            access_key_id=_KEYS[0],
            secret_access_key=_KEYS[1],
        )
        client_of(found).create_bucket(Bucket=found.name)
        return replace(found, **changes)


def write(bucket: Bucket, **contents: bytes) -> None:
    """Put objects into a bucket below its prefix; any text can be a key."""
    for path, content in contents.items():
        client_of(bucket).put_object(Bucket=bucket.name, Key=bucket.prefix + path, Body=content)


def delete(bucket: Bucket, *paths: str) -> None:
    """Delete objects below the prefix of a bucket."""
    for path in paths:
        client_of(bucket).delete_object(Bucket=bucket.name, Key=bucket.prefix + path)


def keys_of(bucket: Bucket) -> set[str]:
    """All keys of a bucket."""
    pages = client_of(bucket).get_paginator("list_objects_v2").paginate(Bucket=bucket.name)
    return {found["Key"] for page in pages for found in page.get("Contents", ())}


@contextmanager
def running_server() -> Iterator[S3Server]:
    """Run the server during the block. Nothing of it is left behind, however this process ends."""
    folder = Path(tempfile.mkdtemp(prefix="layershelf-s3-"))
    server, child = _start(folder)
    yield server
    child.stop(signal.SIGINT, grace_seconds=2)  # it waits for clients that keep their connections
    shutil.rmtree(folder, ignore_errors=True)


def _start(folder: Path) -> tuple[S3Server, Child]:
    identities = [
        {
            "name": "owner",
            "credentials": [_credentials(*_KEYS)],
            "actions": ["Admin", "Read", "List", "Write"],
        },
        {"name": "stranger", "credentials": [_credentials(*STRANGER_KEYS)], "actions": ["Read:nothing-here"]},
    ]
    (folder / "s3.json").write_text(json.dumps({"identities": identities}))
    ports = dict(zip(_COMPONENTS, _free_ports(len(_COMPONENTS)), strict=True))
    child = execute(
        "s3",
        [
            Path(sysconfig.get_path("scripts"), "weed"), "mini", f"-dir={folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1",
            *(f"-{component}.port={port}" for component, port in ports.items()),
            f"-s3.config={folder / 's3.json'}", "-s3.autoCreateBucket=false", "-s3.port.iceberg=0", "-s3.port.lance=0",
            "-admin.ui=false", "-webdav=false", "-master.telemetry=false",
        ],
        log=folder / "log",
        death_signal=signal.SIGKILL,
    )  # fmt: skip
    server = S3Server(f"http://127.0.0.1:{ports['s3']}")
    deadline = time.monotonic() + LONGEST_WAIT_SECONDS
    while not _answers(server.endpoint_url):
        assert child.is_running() and time.monotonic() < deadline, (folder / "log").read_text()[-2_000:]
        time.sleep(0.05)
    return server, child


def _credentials(access_key: str, secret_key: str) -> dict[str, str]:
    return {"accessKey": access_key, "secretKey": secret_key}


def _answers(url: str) -> bool:
    try:
        urllib.request.urlopen(url, timeout=2).close()
    except HTTPError:
        return True  # it refuses strangers
    except URLError:
        return False
    return True


def _free_ports(number: int) -> list[int]:
    """Ports that are free together with those 10,000 above, where the server listens as well."""
    found: list[int] = []
    while len(found) < number:
        port = random.SystemRandom().randrange(12_000, 22_000)
        if port not in found and _is_free(port) and _is_free(port + 10_000):
            found.append(port)
    return found


def _is_free(port: int) -> bool:
    with socket.socket() as plug:
        try:
            plug.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
