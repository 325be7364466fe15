"""Secrets that are shown once: made at random, kept as a digest, recognized by it."""

import hashlib
import secrets
from typing import Final

# 256 bits, so that no slow hash is needed: nobody guesses one, however quick the guess.
_BYTES: Final = 32
LONGEST: Final = 200


def new_secret(prefix: str = "") -> str:
    """A new secret; `prefix` tells people, and programs that look for leaked secrets, what it is."""
    return prefix + secrets.token_urlsafe(_BYTES)


def digest_of(secret: str) -> str:
    """What is kept of a secret: 64 hexadecimal digits.

    >>> digest_of("x")[:8]
    '2d711642'
    """
    return hashlib.sha256(secret[: LONGEST + 1].encode("utf-8", "replace")).hexdigest()
