"""Places where files live, of both kinds, seen by tests from outside: a folder and a bucket."""

from abc import ABC, abstractmethod
from pathlib import Path

from libraries.storage import BucketStorage, LocalStorage
from libraries.storage.place import Place
from libraries.storage.s3.address import Bucket
from tests import s3


class Home(ABC):
    """A place of files, and ways to change what is in it that do not go through it."""

    place: Place

    @abstractmethod
    def write(self, path: str, content: bytes) -> None: ...

    @abstractmethod
    def delete(self, path: str) -> None: ...

    @abstractmethod
    def paths(self) -> set[str]: ...


class FolderHome(Home):
    """A folder."""

    def __init__(self, root: Path) -> None:
        root.mkdir(parents=True, exist_ok=True)
        self.root = root
        self.place = LocalStorage(str(root))

    def write(self, path: str, content: bytes) -> None:
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_bytes(content)

    def delete(self, path: str) -> None:
        (self.root / path).unlink()

    def paths(self) -> set[str]:
        return {str(path.relative_to(self.root)) for path in self.root.rglob("*") if path.is_file()}


class BucketHome(Home):
    """A bucket of the S3 server for tests."""

    def __init__(self, bucket: Bucket) -> None:
        self.bucket = bucket
        self.place = BucketStorage(lambda: bucket)

    def write(self, path: str, content: bytes) -> None:
        s3.write(self.bucket, **{path: content})

    def delete(self, path: str) -> None:
        s3.delete(self.bucket, path)

    def paths(self) -> set[str]:
        return {key.removeprefix(self.bucket.prefix) for key in s3.keys_of(self.bucket)}
