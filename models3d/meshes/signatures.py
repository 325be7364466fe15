"""What a file really is, told by its first bytes, for those whose name says something else."""

from typing import Final

_SIGNATURES: Final = (
    (
        b"version https://git-lfs",
        "a Git LFS pointer, a stand-in for the real file: fetch it with `git lfs pull`",
    ),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive (or a 3MF)"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"glTF", "a GLB file"),
    (b"ply\n", "a PLY file"),
    (b"ply\r", "a PLY file"),
    (b"ISO-10303-21", "a STEP file"),
    (b"\x00\x05\x16\x07", "a macOS resource fork, which holds no model"),
    (b"<!doctype html", "a web page, probably an error page saved by a failed download"),
    (b"<html", "a web page, probably an error page saved by a failed download"),
    (b"<?xml", "an XML document"),
)


def name_of_content(head: bytes) -> str | None:
    """A phrase for what a file with these first bytes is, or None if nothing is recognised.

    >>> name_of_content(b"%PDF-1.4 ...")
    'a PDF document'
    """
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for signature, phrase in _SIGNATURES:
        if head.startswith(signature) or start.startswith(signature.lower()):
            return phrase
    if head and not head.strip(b"\0"):
        return "nothing but zero bytes: the disk or the copy lost its content"
    return None
