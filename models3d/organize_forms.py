"""Forms for moving files: by a path template, a model's folder, a file's name."""

from typing import Any, Final

from django import forms

from config.lib.forms import PageFormMixin
from libraries.models import Library
from libraries.querysets import LibraryQuerySet
from libraries.validators import validate_path_template

_MOST_MODELS: Final = 10_000


class NumbersField(forms.CharField):
    """Numbers of rows with commas between them."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> list[int]:
        parts = [part for part in str(value or "").split(",") if part]
        if len(parts) > _MOST_MODELS or any(
            not (part.isascii() and part.isdigit() and len(part) < 19) for part in parts
        ):
            raise forms.ValidationError("The models that were chosen cannot be told. Choose them again.")
        return [int(part) for part in parts]


class OrganizeForm(PageFormMixin, forms.Form):
    """Which models are to be organised, and how."""

    library = forms.ModelChoiceField(queryset=Library.objects.none(), label="Library", empty_label=None)
    template = forms.CharField(
        label="Where each model belongs",
        max_length=300,
        validators=[validate_path_template],
        help_text=(
            "Folders with “/” between them. {creator}, {collection}, {tags} and {name} stand for what each model has; "
            "anything else is taken as it is."
        ),
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocapitalize": "none"}),
    )
    models = NumbersField(required=False)

    def __init__(self, *args: Any, libraries: LibraryQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["library"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = libraries

    @property
    def model_count(self) -> int:
        """How many models were chosen; 0 stands for all of the library."""
        return len(self.fields["models"].clean(self["models"].value()))


class PathForm(PageFormMixin, forms.Form):
    """A new path within the library."""

    path = forms.CharField(
        label="Path in the library",
        max_length=2_000,
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocapitalize": "none"}),
    )
