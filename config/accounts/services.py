"""What people's accounts can have done to them beyond saving a form: the first one is made here."""

from django.db import connection, transaction

from config.accounts.models import User

# Any number that no other advisory lock of ours uses ("LSOW").
_OWNER_LOCK = 0x4C534F57


class OwnerExistsError(Exception):
    """Somebody was faster: the account of the owner is made once. Retrying does not help; sign in instead."""

    def __str__(self) -> str:
        return "The owner's account exists already. Sign in with it."


def create_owner(*, username: str, password: str) -> User:
    """Create the first account, which may do everything. Raises OwnerExistsError when any account exists.

    Two calls at once make one owner: an advisory lock lets the second one look only after the first has committed.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_OWNER_LOCK])
        if User.objects.exists():
            raise OwnerExistsError
        return User.objects.create_superuser(username=username, password=password)
