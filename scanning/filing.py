"""Uploads that have arrived: hashed, compared with what is there, and moved into the library under the lock it has with scans.

Every step can be done twice: a file that is in place already, with the content that was to go there, is in place.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Final

from django.db.models import Q

from config.lib.locks import library_lock
from libraries.hashing import FileChangedWhileRead, sha256_of_open
from libraries.listing import ignore_rules
from libraries.models import Library
from libraries.paths import display_path
from libraries.safe_names import numbered
from libraries.storage import LibraryStorage, NotWritable, PathTaken, StorageError, storage_for
from models3d.models import ModelFile
from scanning import receiving
from scanning.models import Scan
from scanning.runner import request_scan
from scanning.unpacking import NotUnpacked, is_archive, unpack
from scanning.upload_models import Upload, UploadBatch, UploadQuerySet
from scanning.upload_paths import BadUploadPath, upload_path

logger = logging.getLogger(__name__)

_MOST_NUMBERS: Final = 1_000
_OTHER_DISK: Final = (
    "Another disk than at the last scan is at the folder of the library, so nothing is put there. "
    "Scan the library first."
)


def check_received(*, clock: Callable[[], datetime]) -> None:
    """Hash every file that has arrived, and ask where its content is in a library already."""
    while (upload := _claim(Upload.objects.filter(state=Upload.State.RECEIVED), now=clock())) is not None:
        try:
            with receiving.staged_path(upload.staged_name).open("rb") as file:
                upload.sha256 = sha256_of_open(file)
        except OSError as error:
            _settle(
                upload,
                Upload.State.FAILED,
                f"The file cannot be read any more: {error.strerror}. Upload it again.",
            )
            continue
        if not _asks_whether_wanted(upload):
            _settle(upload, Upload.State.READY)


def file_waiting(*, clock: Callable[[], datetime]) -> list[int]:
    """Put what is ready into its libraries, and return the ids of the scans that were asked for.

    A library that is being scanned keeps its files waiting until the scan is over.
    """
    scans = []
    waiting = UploadBatch.objects.exclude(submitted_at=None).filter(uploads__state=Upload.State.READY)
    for library in Library.objects.kept().filter(pk__in=waiting.values("library")):
        with library_lock(library.pk) as is_held:
            if is_held and (folders := _file_into(library, clock=clock)):
                # Within the lock: no scan that has passed these folders can be under way.
                scans.append(request_scan(library, folder=common_folder(folders)).pk)
    return scans


def is_kept_waiting(library_id: int) -> bool:
    """Whether a scan of the library is under way, which files wait for."""
    return Scan.objects.filter(library=library_id, state=Scan.State.RUNNING).exists()


def _file_into(library: Library, *, clock: Callable[[], datetime]) -> set[str]:
    """Move every ready file into `library`, whose lock is held; return the folders that got any."""
    storage, folders = storage_for(library), set[str]()
    ready = Upload.objects.filter(batch__library=library, state=Upload.State.READY)
    ready = ready.exclude(batch__submitted_at=None).select_related("batch")
    while (upload := _claim(ready, now=clock())) is not None:
        # Once more: what is in the library may have been hashed since the file arrived.
        if _asks_whether_wanted(upload, but=target_path(upload, library)):
            continue
        try:
            _refuse(library, storage)
            upload.placed_paths = _place(upload, library, storage)
        except PathTaken as error:
            _settle(upload, Upload.State.TAKEN, str(error))
        except (StorageError, NotUnpacked, BadUploadPath) as error:
            _settle(upload, Upload.State.FAILED, str(error))
        except OSError as error:
            logger.warning("Upload %s could not be put into its library: %s", upload.pk, error)
            _settle(upload, Upload.State.FAILED, f"It could not be put into the library: {error.strerror}.")
        else:
            upload.placed_at = clock()
            _settle(upload, Upload.State.PLACED, upload.sentence)
            receiving.discard(upload.staged_name)
            folders |= {path.rpartition("/")[0] for path in upload.placed_paths}
    return folders


def _place(upload: Upload, library: Library, storage: LibraryStorage) -> list[str]:
    source = receiving.staged_path(upload.staged_name)
    target = target_path(upload, library)
    if upload.batch.unpacks and is_archive(target):
        return _place_members(upload, library, storage, source, target)
    return [_put(storage, target, source, upload.sha256, keeps_both=upload.keeps_both)]


def _place_members(
    upload: Upload, library: Library, storage: LibraryStorage, source: Path, target: str
) -> list[str]:
    """Unpack an archive into a folder of its name, member by member, leaving out what scans leave out."""
    ignores, placed = ignore_rules(library.ignore_patterns), []
    with unpack(source, name=target.rpartition("/")[2]) as unpacked:
        for path, content in unpacked.files(lambda path: _is_ignored(path, ignores)):
            try:
                inside = f"{target.rpartition('.')[0]}/{upload_path(display_path(path))}"
            except BadUploadPath as error:
                unpacked.leave_out(path, str(error))
                continue
            with content() as (file, sha256):
                placed.append(_put(storage, inside, file, sha256, keeps_both=upload.keeps_both))
        upload.sentence = unpacked.summary()
    return placed


def target_path(upload: Upload, library: Library) -> str:
    """Where in the library a file is to go.

    Files of a named batch share one folder. Without a name, loose files below a folder get one each, because files that
    lie together are one model; at the root they are models of their own anyway.
    """
    batch, path = upload.batch, upload.relative_path
    folder, name = batch.folder, batch.name.replace("/", "-").strip(" .")
    if name:
        path = f"{name}/{path}"
    elif folder and "/" not in path and library.grouping == Library.Grouping.FOLDERS:
        path = f"{path.rpartition('.')[0] or path}/{path}"
    return f"{folder}/{path}" if folder else path


def _put(storage: LibraryStorage, path: str, source: Path, sha256: str, *, keeps_both: bool) -> str:
    """Move `source` to `path`, or to the next free name; return where it is. Raises PathTaken and other StorageErrors."""
    wanted = path
    for number in range(2, _MOST_NUMBERS):
        if _has_content(storage, path, sha256, source):
            return path  # put there before a crash, or the very same file
        try:
            storage.put(path, source)
        except PathTaken:
            if not keeps_both:
                raise
            path = numbered(wanted, number)
        else:
            return path
    raise PathTaken(f"There are {_MOST_NUMBERS:,} files called “{display_path(wanted)}” already.")


def _has_content(storage: LibraryStorage, path: str, sha256: str, source: Path) -> bool:
    try:
        found = storage.stat(path)
        is_as_long = not source.exists() or source.stat().st_size == found.size_bytes
        return is_as_long and storage.sha256(path) == sha256
    except (StorageError, FileChangedWhileRead):
        return False


def _claim(uploads: UploadQuerySet, *, now: datetime) -> Upload | None:
    """Take the next of these uploads that nobody works on, for as long as its lease."""
    waiting = uploads.claimable(now).select_related("batch__library").order_by("created_at", "id")
    while (upload := waiting.first()) is not None:
        free = Upload.objects.filter(pk=upload.pk, state=upload.state)
        if free.filter(Q(claimed_until=None) | Q(claimed_until__lt=now)).update(
            claimed_until=now + Upload.LEASE
        ):
            return upload
    return None


def _settle(upload: Upload, state: Upload.State, sentence: str = "") -> None:
    """Write how it went, unless the upload was given up meanwhile."""
    fields = {"sha256": upload.sha256, "same_as": upload.same_as, "placed_paths": upload.placed_paths}
    Upload.objects.filter(pk=upload.pk, state=upload.state).update(
        state=state, sentence=sentence, placed_at=upload.placed_at, claimed_until=None, **fields
    )


def _asks_whether_wanted(upload: Upload, *, but: str = "") -> bool:
    """Let an upload ask where its content is elsewhere than at the path `but`, and nobody has said that it is wanted twice."""
    if upload.is_wanted_twice:
        return False
    same = ModelFile.objects.visible_to(upload.batch.user).present().filter(sha256=upload.sha256)
    upload.same_as = same.exclude(relative_path=but).order_by("id").first()
    if upload.same_as is None:
        return False
    _settle(upload, Upload.State.SAME, f"You have this already: {upload.same_as.file_name}")
    return True


def _refuse(library: Library, storage: LibraryStorage) -> None:
    """Raise StorageError if the library takes no files now. A disk that is not mounted leaves an empty folder that takes them."""
    if library.is_read_only:
        raise NotWritable(
            "The library was made read-only meanwhile. Its owner can change that in its settings."
        )
    if library.root_device not in {None, storage.check_root()}:
        raise StorageError(_OTHER_DISK)


def common_folder(folders: Iterable[str]) -> str:
    """The folder that holds all of `folders`.

    >>> common_folder({"a/b/c", "a/b"}), common_folder({"a", "b"})
    ('a/b', '')
    """
    paths = [folder.split("/") if folder else [] for folder in folders]
    shared = []
    for names in zip(*paths, strict=False):
        if len(set(names)) > 1:
            break
        shared.append(names[0])
    return "/".join(shared)


def _is_ignored(path: str, ignores: Callable[[str, str, bool], bool]) -> bool:
    parts = path.split("/")
    return any(
        ignores(part, "/".join(parts[: depth + 1]), depth < len(parts) - 1)
        for depth, part in enumerate(parts)
    )
