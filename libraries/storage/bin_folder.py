"""Where deleted files wait: a hidden folder at the root of their own library, on the same disk, that no scan enters."""

from libraries.listing import BIN_FOLDER
from libraries.paths import display_path
from libraries.storage.errors import UnsafePath


def bin_path(number: int, path: str) -> str:
    """Where the file at `path` waits, in the bin's folder of deletion `number`."""
    return f"{BIN_FOLDER}/{number}/{path}"


def require_in_bin(path: str) -> None:
    """Raise UnsafePath unless the path lies in the bin: nothing else of a library is ever deleted."""
    if not path.startswith(f"{BIN_FOLDER}/"):
        raise UnsafePath(f"“{display_path(path)}” is not in the bin, so it is not deleted.")
