"""Forms about grouping: splitting files off a model."""

from typing import Any

from django import forms

from config.lib.forms import PageFormMixin
from models3d.models import Model3D
from scanning.model_grouping import loose_files


class SplitForm(PageFormMixin, forms.Form):
    """Which files of a model are to be one of their own, and what that is called."""

    name = forms.CharField(label="Name of the new model", max_length=500)
    chosen = forms.TypedMultipleChoiceField(
        label="Files", coerce=int, widget=forms.CheckboxSelectMultiple, error_messages={
            "required": "Tick the files that are to be a model of their own.",
            "invalid_choice": "One of these files is not in the model any more. Look at the list again.",
        },
    )  # fmt: skip

    def __init__(self, *args: Any, model: Model3D, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        prefix = f"{model.relative_path}/"
        field = self.fields["chosen"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = [(file.pk, str(file).removeprefix(prefix)) for file in loose_files(model)]
