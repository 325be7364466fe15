"""Addresses of single files that work for some minutes without signing in, for programs that a person hands a file to."""

from typing import Any, Final

from django.contrib.auth import get_user_model
from django.core import signing
from django.urls import reverse

from models3d.models import ModelFile

# Long enough to start a slicer and answer its question whether the address is trusted.
SECONDS: Final = 600
_SALT: Final = "models3d.signed_files"


class AddressNotValid(Exception):
    """The address was never given out, or its time is over, or its person may no longer see the file."""


def signed_path(file: ModelFile, *, user: Any) -> str:
    """The path under which whoever has it gets `file` while `user` may see it, for SECONDS from now.

    It ends with the file's name, by which slicers tell its type.
    """
    key = signing.dumps([file.pk, user.pk], salt=_SALT)
    name = "".join(
        letter if letter.isprintable() and letter not in "/\\?#" else "_" for letter in file.file_name
    )
    return reverse("models3d:signed_file", args=[key, name])


def file_at(key: str) -> ModelFile:
    """The file of a signed address, with its library. Raises AddressNotValid."""
    try:
        file_id, user_id = signing.loads(key, salt=_SALT, max_age=SECONDS)
    except signing.BadSignature as error:
        raise AddressNotValid from error
    user = get_user_model().objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        raise AddressNotValid
    file = ModelFile.objects.visible_to(user).select_related("library").filter(pk=file_id).first()
    if file is None:
        raise AddressNotValid
    return file
