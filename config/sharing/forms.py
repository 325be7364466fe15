"""Forms of sharing: making a link, and the password that a guest is asked for."""

from datetime import datetime, timedelta
from typing import Final

from django import forms

from config.lib.forms import PageFormMixin

_DAYS: Final = {1: "A day", 7: "A week", 30: "A month", 365: "A year", 0: "No end"}


class ShareForm(PageFormMixin, forms.Form):
    """A link to be made."""

    may_download = forms.TypedChoiceField(
        label="Guests may",
        coerce=lambda value: value == "download",
        choices=[("view", "Look at pictures and turn models"), ("download", "Also download the files")],
        initial="view",
        widget=forms.RadioSelect,
    )
    days = forms.TypedChoiceField(label="Open for", coerce=int, choices=list(_DAYS.items()), initial=30)
    password = forms.CharField(
        required=False,
        max_length=128,
        help_text="Guests are asked for it. Tell it to them on another way than the link.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def expires_at(self, now: datetime) -> datetime | None:
        """When the link stops working, if ever."""
        days: int = self.cleaned_data["days"]
        return now + timedelta(days=days) if days else None


class GuestPasswordForm(PageFormMixin, forms.Form):
    """What stands between a guest and what is shared."""

    password = forms.CharField(
        max_length=128, widget=forms.PasswordInput(attrs={"autocomplete": "off", "autofocus": True})
    )
