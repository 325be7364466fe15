"""Forms of the model page, one per thing that can be edited; each saves by one service call."""

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from config.lib.forms import PageFormMixin
from models3d.models import Model3D
from models3d.services import (
    LONGEST_TAG,
    MOST_TAGS,
    NotesChangedMeanwhile,
    edit_model,
    set_creator,
    set_tags,
    tag_names,
)

_LONGEST_NOTES: Final = 100_000


class PartForm(PageFormMixin, forms.Form):
    """A form for one part of a model's page; `initial_of` fills it, `save` writes it."""

    saved_message = "Saved."

    @staticmethod
    def initial_of(model: Model3D) -> dict[str, Any]:
        raise NotImplementedError

    def save(self, model: Model3D) -> None:
        """Write what was typed. May raise ValidationError where somebody else was quicker."""
        raise NotImplementedError


class NameForm(PartForm):
    name = forms.CharField(max_length=500)

    saved_message = "The name is saved."

    @staticmethod
    def initial_of(model: Model3D) -> dict[str, Any]:
        return {"name": model.name}

    def save(self, model: Model3D) -> None:
        edit_model(model.pk, name=self.cleaned_data["name"])


class CreatorForm(PartForm):
    creator = forms.CharField(
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"list": "creator-names", "autocomplete": "off"}),
    )

    saved_message = "The creator is saved."

    @staticmethod
    def initial_of(model: Model3D) -> dict[str, Any]:
        return {"creator": model.creator.name if model.creator else ""}

    def save(self, model: Model3D) -> None:
        set_creator(model.pk, self.cleaned_data["creator"])


class LicenseForm(PartForm):
    license = forms.CharField(
        label="Licence",
        max_length=100,
        required=False,
        help_text="SPDX identifier, such as CC-BY-4.0.",
        widget=forms.TextInput(attrs={"list": "licenses", "autocomplete": "off"}),
    )

    saved_message = "The licence is saved."

    @staticmethod
    def initial_of(model: Model3D) -> dict[str, Any]:
        return {"license": model.license}

    def save(self, model: Model3D) -> None:
        edit_model(model.pk, license=self.cleaned_data["license"])


class TagsForm(PartForm):
    tags = forms.CharField(
        required=False,
        max_length=10_000,
        help_text="Several with commas between them.",
        widget=forms.TextInput(attrs={"list": "tag-names", "autocomplete": "off"}),
    )
    before = forms.CharField(required=False, widget=forms.HiddenInput)

    saved_message = "The tags are saved."

    @staticmethod
    def initial_of(model: Model3D) -> dict[str, Any]:
        names = ", ".join(model.tags.values_list("name", flat=True))
        return {"tags": f"{names}, " if names else "", "before": names}

    def clean_tags(self) -> list[str]:
        """The names typed, each once."""
        names = tag_names(self.cleaned_data["tags"].split(","))
        if len(names) > MOST_TAGS:
            raise ValidationError(f"A model has at most {MOST_TAGS} tags; these are {len(names)}.")
        for name in names:
            if len(name) > LONGEST_TAG:
                raise ValidationError(
                    f"A tag has at most {LONGEST_TAG} characters; “{name[:20]}…” has {len(name)}."
                )
        return names

    def save(self, model: Model3D) -> None:
        set_tags(model.pk, self.cleaned_data["tags"], before=self.cleaned_data["before"].split(","))


class NotesForm(PartForm):
    notes = forms.CharField(
        required=False,
        max_length=_LONGEST_NOTES,
        help_text="Markdown: **bold**, *italic*, - lists, [links](https://…).",
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    before = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    saved_message = "The notes are saved."

    @staticmethod
    def initial_of(model: Model3D) -> dict[str, Any]:
        return {"notes": model.notes, "before": model.notes}

    def save(self, model: Model3D) -> None:
        try:
            edit_model(
                model.pk,
                notes=_one_newline(self.cleaned_data["notes"]),
                notes_before=_one_newline(self.cleaned_data["before"]),
            )
        except NotesChangedMeanwhile as error:
            # What is sent next overwrites what the person has now been shown.
            self.data = {**self.cleaned_data, "before": error.current}
            raise ValidationError([str(error), f"Theirs: {error.current or '(empty)'}"]) from error


def _one_newline(text: str) -> str:
    return text.replace("\r\n", "\n")


PART_FORMS: Final[dict[str, type[PartForm]]] = {
    "name": NameForm,
    "creator": CreatorForm,
    "license": LicenseForm,
    "tags": TagsForm,
    "notes": NotesForm,
}


class SearchNameForm(PageFormMixin, forms.Form):
    """What a saved search is to be called."""

    name = forms.CharField(max_length=200)
