"""Forms of the pages on which owners manage people, and of the invite that somebody follows."""

from datetime import datetime, timedelta
from typing import Any, Final

from django import forms
from django.contrib.auth.models import Group

from config.accounts.forms import SetUpForm
from config.accounts.models import ApiToken, User
from config.lib.forms import PageFormMixin
from libraries.models import Library

_ROLES: Final = [
    (User.Role.VIEWER, "Viewer: looks and downloads"),
    (User.Role.EDITOR, "Editor: also changes models and starts scans"),
    (User.Role.OWNER, "Owner: everything, also libraries and people"),
]
_DAYS: Final = {1: "One day", 7: "A week", 30: "A month"}
_TOKEN_DAYS: Final = {0: "Never", 30: "In a month", 90: "In three months", 365: "In a year"}


class _AccessForm(PageFormMixin, forms.Form):
    """A role, and the libraries that are only for chosen people."""

    role = forms.ChoiceField(choices=_ROLES, widget=forms.RadioSelect, initial=User.Role.VIEWER)
    libraries = forms.ModelMultipleChoiceField(
        Library.objects.none(),
        label="Sees these libraries",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Everybody sees the libraries that are not listed here. Owners see every one.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "libraries", Library.objects.kept().filter(is_restricted=True))


class PersonForm(_AccessForm):
    """What an owner changes of a person."""

    groups = forms.ModelMultipleChoiceField(
        Group.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Members of a group see the libraries of the group.",
    )
    is_active = forms.BooleanField(
        label="May sign in",
        required=False,
        help_text="Switched off, the person is signed out everywhere, and their tokens and shared links stop working.",
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        chosen = {
            "role": person.role,
            "is_active": person.is_active,
            "libraries": list(person.libraries.values_list("pk", flat=True)),
            "groups": list(person.groups.values_list("pk", flat=True)),
        }
        super().__init__(*args, initial=chosen, **kwargs)
        _offer(self, "groups", Group.objects.order_by("name"))


class InviteForm(_AccessForm):
    """An invite to be made."""

    note = forms.CharField(
        label="For", max_length=100, required=False, help_text="So that you know it in the list."
    )
    days = forms.TypedChoiceField(label="Good for", coerce=int, choices=list(_DAYS.items()), initial=7)
    field_order = ["note", "role", "libraries", "days"]

    def expires_at(self, now: datetime) -> datetime:
        """When the link stops working."""
        return now + timedelta(days=self.cleaned_data["days"])


class JoinForm(SetUpForm):
    """Name and password of who follows an invite. The caller makes the account with `invites.accept_invite`."""


class TokenForm(PageFormMixin, forms.Form):
    """A token to be made."""

    name = forms.CharField(label="What it is for", max_length=100, help_text="Such as “backup script”.")
    scopes = forms.MultipleChoiceField(
        label="It may", widget=forms.CheckboxSelectMultiple, initial=[ApiToken.Scope.READ]
    )
    days = forms.TypedChoiceField(label="Expires", coerce=int, choices=list(_TOKEN_DAYS.items()), initial=365)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scopes = self.fields["scopes"]
        assert isinstance(scopes, forms.MultipleChoiceField)
        scopes.choices = [choice for choice in ApiToken.Scope.choices if _is_offered(choice[0], user)]

    def expires_at(self, now: datetime) -> datetime | None:
        """When it stops working, if ever."""
        days: int = self.cleaned_data["days"]
        return now + timedelta(days=days) if days else None


def _is_offered(scope: str, user: User) -> bool:
    """Whether a token with this scope could do anything for a person of this role."""
    if scope == ApiToken.Scope.ADMIN:
        return user.role == User.Role.OWNER
    return scope in {ApiToken.Scope.READ, ApiToken.Scope.FILES} or user.role != User.Role.VIEWER


def _offer(form: forms.Form, name: str, rows: Any) -> None:
    """Let these rows be chosen; without any the field is left out."""
    if not rows.exists():
        del form.fields[name]
        return
    field = form.fields[name]
    assert isinstance(field, forms.ModelMultipleChoiceField)
    field.queryset = rows
