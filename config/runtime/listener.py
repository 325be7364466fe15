"""The listening socket, opened before anything is started and kept while the web process restarts."""

import errno
import socket

from config.runtime.errors import PortInUse

BACKLOG = 128
LAST_PORT = 65535


def open_listener(host: str, port: int) -> socket.socket:
    """Listen on `host` and `port` (0: any free one). Raises PortInUse with a sentence."""
    if not 0 <= port <= LAST_PORT:
        raise PortInUse(f"{port} is not a port. Choose one from 1024 to {LAST_PORT} with --port.")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror as error:
        raise PortInUse(f"“{host}” with port {port} is not an address to listen on.") from error
    listener = socket.socket(family, kind, protocol)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise PortInUse(_sentence(error, host, port)) from error
    return listener


def _sentence(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} on {host} is in use by another program. Choose another one with --port."
    if error.errno == errno.EACCES:
        return f"Port {port} is reserved for the system. Choose one above 1023 with --port."
    if error.errno == errno.EADDRNOTAVAIL:
        return f"{host} is not an address of this machine. Choose another one with --host."
    return f"Port {port} on {host} cannot be listened on ({error}). Choose another one with --port."


def address_of(listener: socket.socket) -> str:
    """The address to open in a browser on this machine.

    >>> with open_listener("127.0.0.1", 0) as listener:
    ...     address_of(listener) == f"http://127.0.0.1:{listener.getsockname()[1]}/"
    True
    """
    host, port = listener.getsockname()[:2]
    if host in ("0.0.0.0", "::"):
        host = "localhost"
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def web_answers(listener: socket.socket) -> bool:
    """Whether the web process answers HTTP on the listener, whatever it says."""
    host, port = listener.getsockname()[:2]
    own = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    try:
        with socket.create_connection((own, port), timeout=2) as connection:
            connection.sendall(b"GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n")
            return connection.recv(5) == b"HTTP/"
    except OSError:
        return False
