"""Single members of a ZIP file, each read under a limit; nothing is ever unpacked on disk."""

import contextlib
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from typing import IO, BinaryIO, Final

from models3d.meshes.errors import Damaged, Encrypted, NotThisFormat, TooComplex, Truncated, Unsupported

_MOST_ENTRIES: Final = 100_000  # a resin print is one picture per layer
_ENCRYPTED_FLAG: Final = 0x1
_PIECE_BYTES: Final = 1 << 18


class Zipped:
    """A ZIP file by the name of its format; every method raises the errors of models3d.meshes.errors."""

    def __init__(self, file: BinaryIO, *, format_name: str) -> None:
        self._format_name = format_name
        file.seek(0)
        is_zip = file.read(4) == b"PK\x03\x04"
        try:
            self._zip = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, struct.error, OSError, ValueError, NotImplementedError) as error:
            if is_zip:
                raise Truncated(
                    "The file ends early: its list of contents, which stands at the end, is missing or damaged. "
                    "Download, copy or export it again."
                ) from error
            raise NotThisFormat(f"This is not {format_name}.") from error
        self._entry_of = {entry.filename.lstrip("/"): entry for entry in self._zip.infolist()}
        if len(self._entry_of) > _MOST_ENTRIES:
            raise TooComplex(
                f"The file holds {len(self._entry_of):,} entries, the limit is {_MOST_ENTRIES:,}."
            )

    def names(self) -> Iterable[str]:
        """The names of all members, without a leading slash, in the order of the file."""
        return self._entry_of.keys()

    def __contains__(self, name: str) -> bool:
        return name in self._entry_of

    def size_of(self, name: str) -> int:
        """What the directory says about the size of a member; it may lie."""
        return self._entry_of[name].file_size

    def read(self, name: str, *, most_bytes: int) -> bytes:
        """One member whole; raises TooComplex if it is larger."""
        content = self.head(name, most_bytes + 1)
        if len(content) > most_bytes:
            raise TooComplex(f"{name} inside the file is larger than {most_bytes >> 10:,} KB.")
        return content

    def head(self, name: str, count: int) -> bytes:
        """The first `count` bytes of one member, or all of it if it is shorter."""
        with self._opened(name) as member:
            return member.read(count)

    def iter_pieces(self, name: str, *, most_bytes: int) -> Iterator[bytes]:
        """One member as it streams in; raises TooComplex once more than `most_bytes` have come out."""
        count = 0
        with self._opened(name) as member:
            while piece := member.read(_PIECE_BYTES):
                count += len(piece)
                if count > most_bytes:
                    raise TooComplex(
                        f"{name} inside the file unpacks to more than {most_bytes >> 20:,} MB: it was not read."
                    )
                yield piece

    @contextlib.contextmanager
    def _opened(self, name: str) -> Iterator[IO[bytes]]:
        entry = self._entry_of[name]
        if entry.flag_bits & _ENCRYPTED_FLAG:
            raise Encrypted("The file is locked with a password. Save it without one.")
        try:
            with self._zip.open(entry) as member:
                yield member
        except (zipfile.BadZipFile, zlib.error, EOFError, struct.error, OSError) as error:
            raise Damaged(
                "The packed data inside the file is damaged. Download or export it again."
            ) from error
        except NotImplementedError as error:
            raise Unsupported("The file is packed by a method that is not known here.") from error
