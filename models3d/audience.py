"""Whose eyes look: the libraries one person may see, asked once per page, and the models in them."""

from dataclasses import dataclass
from typing import Any

from libraries.models import Library
from models3d.models import Model3D
from models3d.querysets import Model3DQuerySet


@dataclass(frozen=True, slots=True)
class Audience:
    """A person with the libraries they may see. `sees_all`: no library is hidden from them."""

    user: Any
    libraries: list[Library]
    sees_all: bool

    @property
    def models(self) -> Model3DQuerySet:
        """The models on the shelves for this person: in their libraries, not missing, not hidden by preference."""
        models = Model3D.objects.present()
        if not self.sees_all:
            models = models.filter(library__in=[library.pk for library in self.libraries])
        return models.exclude(is_sensitive=True) if self.hides_sensitive else models

    @property
    def hides_sensitive(self) -> bool:
        """Whether sensitive models are left out."""
        return bool(self.user.sensitive_models == "hide")

    @property
    def blurs_sensitive(self) -> bool:
        """Whether pictures of sensitive models are blurred."""
        return bool(self.user.sensitive_models == "blur")


def audience_of(user: Any) -> Audience:
    """The audience that a signed-in `user` is. One query for the owner, who browses most."""
    if user.is_superuser:
        every = list(Library.objects.all())
        kept = [library for library in every if library.removed_at is None]
        return Audience(user, kept, sees_all=len(kept) == len(every))
    libraries = list(Library.objects.visible_to(user))
    hidden = Library.objects.exclude(pk__in=[library.pk for library in libraries])
    return Audience(user, libraries, sees_all=not hidden.exists())
