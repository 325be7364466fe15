"""Secrets of libraries at rest: encrypted under keys that lie outside of the database."""

from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet


class SecretUnreadable(Exception):
    """What is stored was encrypted under a key that is not here any more. The text is a sentence for the owner."""


def encrypted(text: str) -> bytes:
    """Return `text` under the first of the keys; raises SecretUnreadable if there is none."""
    return _keys().encrypt(text.encode())


def decrypted(stored: bytes | memoryview) -> str:
    """Return the text of what `encrypted` made, under whichever key; raises SecretUnreadable."""
    from cryptography.fernet import InvalidToken

    try:
        return _keys().decrypt(bytes(stored)).decode()
    except InvalidToken as error:
        raise SecretUnreadable(
            "The keys of this bucket cannot be read: the file credentials-key of the data folder was lost or replaced. "
            "Put it back, or type the keys of the bucket again in the library's settings."
        ) from error


def renewed(stored: bytes | memoryview) -> bytes:
    """Return the same secret under the first of the keys; raises SecretUnreadable."""
    return encrypted(decrypted(stored))


def _keys() -> "MultiFernet":
    # Loaded on first use: most processes meet no secret.
    from cryptography.fernet import Fernet, MultiFernet

    try:
        keys = settings.CREDENTIALS_KEYS or settings.DATA_FOLDER.credentials_keys()
        return MultiFernet([Fernet(key) for key in keys])
    except (OSError, ValueError) as error:
        raise SecretUnreadable(
            f"The file credentials-key in {settings.DATA_DIR} can be neither used nor made ({error}). Check it and its rights."
        ) from error
