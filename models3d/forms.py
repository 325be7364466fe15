"""Forms of the model page, one per thing that can be edited, and of printers; each saves by one service call."""

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from collections_app.tree import names_in, path_of, trails
from config.lib.forms import PageFormMixin
from config.lib.versions import version_of
from models3d.collection_forms import web_addresses
from models3d.licenses import canonical
from models3d.models import Model3D, Printer
from models3d.services import (
    LONGEST_TAG,
    MOST_TAGS,
    NotesChangedMeanwhile,
    edit_model,
    set_collections,
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


class VersionedForm(PartForm):
    """A part that one person after the other sets as a whole: what somebody saved meanwhile is not overwritten unseen."""

    version = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, initial: dict[str, Any], **kwargs: Any) -> None:
        self.now_reads = ", ".join(str(value) for value in initial.values()) or "(empty)"
        super().__init__(*args, initial={**initial, "version": version_of(initial)}, **kwargs)

    def clean(self) -> dict[str, Any]:
        """What was typed, unless the part is no longer what the person saw."""
        typed = self.cleaned_data
        seen, current = typed.get("version"), self.initial["version"]
        if seen and seen != current:
            # What is sent next overwrites what the person has now been shown.
            self.data = {**{name: self.data.get(name) for name in self.data}, "version": current}
            raise ValidationError(
                f"Somebody else changed this meanwhile; it now reads: {self.now_reads}. Save again to keep yours."
            )
        return typed


class NameForm(VersionedForm):
    name = forms.CharField(max_length=500)

    saved_message = "The name is saved."

    @staticmethod
    def initial_of(model: Model3D) -> dict[str, Any]:
        return {"name": model.name}

    def save(self, model: Model3D) -> None:
        edit_model(model.pk, name=self.cleaned_data["name"])


class CreatorForm(VersionedForm):
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


class LicenseForm(VersionedForm):
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
        edit_model(model.pk, license=canonical(self.cleaned_data["license"]))


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


class LinksForm(VersionedForm):
    links = forms.CharField(
        required=False,
        max_length=20_000,
        help_text="One address a line, such as https://example.org/model.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    saved_message = "The links are saved."

    @staticmethod
    def initial_of(model: Model3D) -> dict[str, Any]:
        return {"links": "\n".join(str(link) for link in model.links)}

    def clean_links(self) -> list[str]:
        """The addresses typed, each once."""
        return web_addresses(self.cleaned_data["links"])

    def save(self, model: Model3D) -> None:
        edit_model(model.pk, links=self.cleaned_data["links"])


class SensitiveForm(VersionedForm):
    is_sensitive = forms.BooleanField(
        label="Sensitive", required=False, help_text="Hidden or blurred for those who prefer it so."
    )

    @staticmethod
    def initial_of(model: Model3D) -> dict[str, Any]:
        return {"is_sensitive": model.is_sensitive}

    def save(self, model: Model3D) -> None:
        edit_model(model.pk, is_sensitive=self.cleaned_data["is_sensitive"])


class CollectionsForm(PartForm):
    collections = forms.CharField(
        required=False,
        max_length=20_000,
        help_text="One a line; one inside another is written “Miniatures / Dragons”. New ones are made.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    before = forms.CharField(required=False, widget=forms.HiddenInput)

    saved_message = "The collections are saved."

    @staticmethod
    def initial_of(model: Model3D) -> dict[str, Any]:
        pks = list(model.collections.values_list("pk", flat=True))
        paths = sorted(path_of(trail) for trail in trails(pks).values())
        return {"collections": "\n".join(paths), "before": ",".join(map(str, pks))}

    def clean_collections(self) -> list[tuple[str, ...]]:
        """The places typed, each once."""
        places = [names_in(line) for line in self.cleaned_data["collections"].splitlines()]
        if len(places) > 100 or any(len(names) > 20 or any(len(n) > 200 for n in names) for names in places):
            raise ValidationError("At most 100 lines of at most 20 names, each of at most 200 characters.")
        return list(dict.fromkeys(names for names in places if names))

    def save(self, model: Model3D) -> None:
        before = [
            int(text) for text in self.cleaned_data["before"].split(",") if text.isascii() and text.isdigit()
        ]
        set_collections(model.pk, self.cleaned_data["collections"], before=before)


def _one_newline(text: str) -> str:
    return text.replace("\r\n", "\n")


PART_FORMS: Final[dict[str, type[PartForm]]] = {
    "name": NameForm,
    "creator": CreatorForm,
    "license": LicenseForm,
    "tags": TagsForm,
    "notes": NotesForm,
    "links": LinksForm,
    "sensitive": SensitiveForm,
    "collections": CollectionsForm,
}


class SearchNameForm(PageFormMixin, forms.Form):
    """What a saved search is to be called."""

    name = forms.CharField(max_length=200)


class PrinterForm(PageFormMixin, forms.ModelForm):
    """A person's own printer. The caller sets whose it is, and keeps it with `prints.printers.save_printer`."""

    class Meta:
        model = Printer
        fields = ["name", "bed_x_mm", "bed_y_mm", "bed_z_mm", "nozzle_mm"]
        labels = {
            "bed_x_mm": "Width (mm)",
            "bed_y_mm": "Depth (mm)",
            "bed_z_mm": "Height (mm)",
            "nozzle_mm": "Nozzle (mm)",
        }
