"""The package around a 3MF: a ZIP file from which parts are streamed, under limits, and never unpacked."""

import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final
from xml.parsers import expat

from models3d.meshes.errors import (
    Damaged,
    Encrypted,
    NotThisFormat,
    TooComplex,
    Truncated,
    UnreadableFile,
    Unsupported,
)
from models3d.meshes.reading import Source
from models3d.meshes.safe_xml import safe_parser
from models3d.meshes.signatures import name_of_content

_PIECE_BYTES: Final = 1 << 18
_FREE_EXPANSION_BYTES: Final = 64 << 20
_ENCRYPTED_FLAG: Final = 0x1
_MODEL_RELATION: Final = "/3dmodel"
_USUAL_MODEL: Final = "3D/3dmodel.model"
_MOST_RELATIONS_BYTES: Final = 1 << 20


class Package:
    """A 3MF package; every method raises the errors of models3d.meshes.errors."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._zip = _open_zip(source)
        entries = self._zip.infolist()
        if len(entries) > source.limits.max_archive_entries:
            raise TooComplex(
                f"The 3MF holds {len(entries):,} entries, the limit is {source.limits.max_archive_entries:,}."
            )
        if sum(entry.file_size for entry in entries) > 16 * source.limits.max_expanded_bytes:
            raise TooComplex("The 3MF would be far too large when unpacked.")
        self._entry_of = {entry.filename.lstrip("/").lower(): entry for entry in entries}
        if len(self._entry_of) < len(entries):
            source.warn("Two entries of the 3MF have the same name; the last one was read.")
        self._bytes_left = source.limits.max_expanded_bytes

    def __contains__(self, path: str) -> bool:
        return _key(path) in self._entry_of

    def model_path(self) -> str:
        """The path of the root model, by the package's relations or else at its usual place."""
        if "_rels/.rels" in self:
            target = _relation_target(b"".join(self.iter_part("_rels/.rels")))
            if target and target in self:
                return target
            if target:
                raise Damaged(
                    f"The 3MF says its model is in {target}, which is not there. "
                    "Export the file again from its source."
                )
        candidates = [_USUAL_MODEL, *(name for name in self._entry_of if name.endswith(".model"))]
        for candidate in candidates:
            if candidate in self:
                self._source.warn("The 3MF does not say where its model is; the usual place was read.")
                return candidate
        if "[content_types].xml" in self._entry_of or "3d" in {name.split("/")[0] for name in self._entry_of}:
            raise Damaged("The 3MF holds no model part. Export the file again from its source.")
        raise NotThisFormat("This is a ZIP archive, but not a 3MF: there is no 3D model in it.")

    def iter_part(self, path: str) -> Iterator[bytes]:
        """Stream one part, counting what really comes out: the sizes in the directory may lie."""
        entry = self._entry_of.get(_key(path))
        if entry is None:
            raise Damaged(f"The 3MF refers to {path}, which is not in it. Export it again from its source.")
        if entry.flag_bits & _ENCRYPTED_FLAG:
            raise Encrypted("The 3MF is locked with a password. Save it without one.")
        allowed = max(_FREE_EXPANSION_BYTES, entry.compress_size * self._source.limits.max_expansion_ratio)
        count = 0
        try:
            with self._zip.open(entry) as part:
                while piece := part.read(_PIECE_BYTES):
                    count += len(piece)
                    self._bytes_left -= len(piece)
                    if count > allowed or self._bytes_left < 0:
                        raise TooComplex(
                            f"The 3MF unpacks to more than {count >> 20:,} MB from "
                            f"{self._source.size_bytes / 2**20:,.1f} MB: it looks like a trap and was not read."
                        )
                    yield piece
        except (zipfile.BadZipFile, zlib.error, EOFError, struct.error, OSError, ValueError) as error:
            raise Damaged(
                "The packed data inside the 3MF is damaged. Download or export the file again."
            ) from error
        except NotImplementedError as error:
            raise Unsupported("The 3MF is packed by a method that is not known here.") from error


def _open_zip(source: Source) -> zipfile.ZipFile:
    head = source.head(64)
    try:
        return zipfile.ZipFile(source.file)
    except (zipfile.BadZipFile, struct.error, OSError, ValueError, NotImplementedError) as error:
        raise _refusal(head) from error


def _refusal(head: bytes) -> UnreadableFile:
    if head.startswith(b"PK\x03\x04"):
        return Truncated(
            "The file ends early: its list of contents, which stands at the end, is missing or damaged. "
            "Download, copy or export it again."
        )
    content = name_of_content(head)
    return NotThisFormat(f"This is not a 3MF file, but {content}." if content else "This is not a 3MF file.")


def _key(path: str) -> str:
    return posixpath.normpath("/" + path.replace("\\", "/")).lstrip("/").lower()


def _relation_target(xml: bytes) -> str | None:
    """The target of the relation that names the root model."""
    targets: list[str] = []

    def on_start(name: str, attributes: dict[str, str]) -> None:
        if name.rsplit(" ", 1)[-1] == "Relationship" and attributes.get("Type", "").endswith(_MODEL_RELATION):
            targets.append(attributes.get("Target", ""))

    parser = safe_parser()
    parser.StartElementHandler = on_start
    try:
        parser.Parse(xml[:_MOST_RELATIONS_BYTES], True)
    except expat.ExpatError:
        return None
    return targets[0] if targets else None
