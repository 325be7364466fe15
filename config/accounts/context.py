"""What every page is told about the person who looks at it."""

from django.http import HttpRequest

from config.accounts.models import User


def units_of(request: HttpRequest) -> dict[str, str]:
    """The units that lengths are shown in: those of the person's preferences, millimeters for guests."""
    user = getattr(request, "user", None)
    return {"units": user.units if isinstance(user, User) else User.Units.MILLIMETERS.value}
