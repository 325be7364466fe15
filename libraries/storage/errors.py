"""What can be wrong with a place where files live, worded for the person who looks."""


class StorageError(OSError):
    """Something about a library's place. The text is a sentence for the user."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.strerror = sentence

    def __str__(self) -> str:
        return str(self.args[0])


class RootMissing(StorageError):
    """The folder is not there: moved, deleted, or its disk is not mounted. Trying again helps once it is back."""


class RootNotAFolder(StorageError):
    """There is something at the path, but no folder."""


class RootUnreadable(StorageError):
    """The folder may not be listed, or its disk does not answer."""


class FileGone(StorageError):
    """The file is not there any more. Scanning the library brings its rows up to date."""


class FileUnreadable(StorageError):
    """The file may not be read, or its disk does not answer. Trying again may help."""


class NotARegularFile(StorageError):
    """There is a link, a folder, a pipe or a device where a file was expected. It is never opened."""


class UnsafePath(StorageError):
    """The path could lead out of the library, so that it is not followed."""


class MemberUnreadable(StorageError):
    """A file inside an archive cannot be had: damaged, locked, or nothing here unpacks it. Trying again does not help."""


class TooLargeToUnpack(MemberUnreadable):
    """A file inside an archive or a bucket is larger than what is fetched for a program to look at. Reading it still works."""


class NoRoomToUnpack(StorageError):
    """The disk of the data folder has no room for a file from an archive or a bucket. Trying again helps once there is."""


class PathTaken(StorageError):
    """There is something at the path already, which is never overwritten. Another name helps."""


class NotWritable(StorageError):
    """Nothing may be written there, or the disk refuses the name. Trying again helps once that is mended."""


class LibraryFull(StorageError):
    """The disk of the library has no room. Trying again helps once there is."""
