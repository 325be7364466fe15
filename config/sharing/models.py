"""Links for guests: what is shared, until when, behind which password."""

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import models
from django.urls import reverse
from django.utils.crypto import constant_time_compare, get_random_string, salted_hmac

from collections_app.models import Collection
from models3d.models import Model3D
from models3d.querysets import Model3DQuerySet


def new_nonce() -> str:
    """What makes the address of one link different from that of a link with the same number before it."""
    return get_random_string(22)


class ShareLinkQuerySet(models.QuerySet["ShareLink"]):
    def visible_to(self, user: Any) -> Self:
        """Links that `user` made; every one for owners."""
        return self if user.is_superuser else self.filter(created_by=user)


class ShareLink(models.Model):
    """One model, or one collection with all below it, for whoever has the address.

    The address holds a signature made with the server's secret key, so that the table alone gives no access.
    Guests see what the person who made the link sees, and nothing once that person is switched off.
    """

    model = models.ForeignKey(
        Model3D, null=True, blank=True, on_delete=models.CASCADE, related_name="share_links"
    )
    collection = models.ForeignKey(
        Collection, null=True, blank=True, on_delete=models.CASCADE, related_name="share_links"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="share_links"
    )
    may_download = models.BooleanField("files may be downloaded", default=False)
    password = models.CharField(max_length=128, blank=True, editable=False)
    nonce = models.CharField(max_length=22, default=new_nonce, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_opened_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ShareLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = "shared link"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(model=None) ^ models.Q(collection=None), name="share_link_of_one_thing"
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("sharing:opened", args=[self.key])

    @property
    def key(self) -> str:
        """What stands in the address."""
        return f"{self.pk}-{self._signature()}"

    @property
    def title(self) -> str:
        """The name of what is shared."""
        return str(self.model or self.collection)

    def is_signed(self, signature: str) -> bool:
        """Whether an address with this signature is the one that was given out."""
        return constant_time_compare(signature, self._signature())

    def is_over(self, now: datetime) -> bool:
        """Whether it has expired, or its maker was switched off."""
        return (self.expires_at is not None and self.expires_at <= now) or not self.created_by.is_active

    def set_password(self, password: str) -> None:
        """Ask guests for this password; empty asks for none. To be saved by the caller."""
        self.password = make_password(password) if password else ""

    def opens_with(self, password: str) -> bool:
        """Whether this is the password."""
        return check_password(password, self.password)

    def models_for_guests(self) -> Model3DQuerySet:
        """The models that guests see: those shared, as far as who made the link sees them."""
        seen = Model3D.objects.visible_to(self.created_by).present()
        if self.model_id is not None:
            return seen.filter(pk=self.model_id)
        assert self.collection is not None  # a constraint says so
        below = list(self.collection.descendants(include_self=True).values_list("pk", flat=True))
        linked = Model3D.collections.through.objects.filter(collection__in=below)
        return seen.filter(pk__in=linked.values("model3d_id"))

    def _signature(self) -> str:
        return salted_hmac("layershelf.share", f"{self.pk}:{self.nonce}", algorithm="sha256").hexdigest()[:32]
