"""Forms of the account pages."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, BaseUserCreationForm, PasswordChangeForm

from config.accounts.models import User
from config.lib.forms import PageFormMixin


class SetUpForm(PageFormMixin, BaseUserCreationForm):
    """Name and password of the owner. The caller creates the account with `services.create_owner`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "Your name"
        self.fields["username"].help_text = "Letters, digits and @ . + - _ only. You sign in with it."
        self.fields["password1"].help_text = "At least 10 characters, and not a common password."
        self.fields["password2"].label = "Password again"
        self.fields["password2"].help_text = ""

    class Meta:
        model = User
        fields = ["username"]


class SignInForm(PageFormMixin, AuthenticationForm):
    error_messages = {
        "invalid_login": "This name and password do not belong together. Capital letters matter.",
        "inactive": "This account is switched off. Ask the owner of the library.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "Name"


class PreferencesForm(PageFormMixin, forms.ModelForm):
    page_size = forms.IntegerField(label="Models per page", min_value=12, max_value=200)

    class Meta:
        model = User
        fields = ["theme", "units", "page_size", "sensitive_models", "slicer"]
        labels = {
            "theme": "Colours",
            "units": "Sizes in",
            "sensitive_models": "Sensitive models",
            "slicer": "Open models in",
        }


class ThemeForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["theme"]


class PasswordForm(PageFormMixin, PasswordChangeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = "Current password"
        self.fields["new_password1"].help_text = "At least 10 characters, and not a common password."
        self.fields["new_password2"].label = "New password again"
        self.fields["new_password2"].help_text = ""
