"""Forms of collections, tags and creators: what is typed, checked, and saved unless somebody else was quicker."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from collections_app.models import Collection, Creator
from collections_app.services import (
    CollectionProblem,
    change_collection,
    collection_version,
    make_collection,
)
from collections_app.tree import BETWEEN, names_in, path_of, trails
from config.lib.forms import PageFormMixin
from config.lib.versions import ChangedMeanwhile
from models3d.bulk_forms import suggesting

_LONGEST_NAME = 200


class CollectionForm(PageFormMixin, forms.Form):
    """Name, place, description and cover of a collection, new or there already."""

    name = forms.CharField(max_length=_LONGEST_NAME)
    inside = forms.CharField(
        max_length=1_000,
        required=False,
        help_text="The collection it stands in, such as “Miniatures / Dragons”; empty for the outermost.",
        widget=suggesting("collections"),
    )
    description = forms.CharField(max_length=10_000, required=False, widget=forms.Textarea(attrs={"rows": 4}))
    cover = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    version = forms.CharField(max_length=16, required=False, widget=forms.HiddenInput)

    @staticmethod
    def initial_of(collection: Collection) -> dict[str, Any]:
        """What the form shows of a collection."""
        return {
            "name": collection.name,
            "inside": path_of(trails([collection.pk])[collection.pk][:-1]),
            "description": collection.description,
            "cover": collection.cover_sha256,
            "version": collection_version(collection),
        }

    def clean_name(self) -> str:
        """The name with single blanks."""
        name = " ".join(self.cleaned_data["name"].split())
        if BETWEEN in f" {name} ":
            raise ValidationError(
                "A name cannot hold “ / ”: it stands between a collection and the one inside it."
            )
        return name

    def clean_inside(self) -> tuple[str, ...]:
        """The names from the outermost collection inwards."""
        names = names_in(self.cleaned_data["inside"])
        if len(names) > 20 or any(len(name) > _LONGEST_NAME for name in names):
            raise ValidationError(f"At most 20 names of at most {_LONGEST_NAME} characters each.")
        return names

    def save(self, pk: int | None) -> Collection | None:
        """Make the collection or change it; None where that cannot be, with the reason among the form's errors."""
        given = {name: self.cleaned_data[name] for name in ("name", "inside", "description")}
        try:
            if pk is None:
                return make_collection(**given)
            return change_collection(
                pk, version=self.cleaned_data["version"], cover_sha256=self.cleaned_data["cover"], **given
            )
        except (CollectionProblem, ChangedMeanwhile) as error:
            self.add_error(None, str(error))
            return None


class TagForm(PageFormMixin, forms.Form):
    """The name of a tag."""

    name = forms.CharField(max_length=100)
    version = forms.CharField(max_length=16, required=False, widget=forms.HiddenInput)

    def clean_name(self) -> str:
        """The name with single blanks; commas stand between tags."""
        name = " ".join(self.cleaned_data["name"].split())
        if "," in name:
            raise ValidationError("A tag holds no comma: commas stand between tags.")
        return name


class CreatorForm(PageFormMixin, forms.Form):
    """Name, links and notes of a creator."""

    name = forms.CharField(max_length=_LONGEST_NAME)
    links = forms.CharField(
        required=False,
        max_length=20_000,
        help_text="One address a line, such as https://example.org/me.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    notes = forms.CharField(
        required=False,
        max_length=100_000,
        help_text="Markdown: **bold**, *italic*, - lists, [links](https://…).",
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    version = forms.CharField(max_length=16, required=False, widget=forms.HiddenInput)

    @staticmethod
    def initial_of(creator: Creator, version: str) -> dict[str, Any]:
        """What the form shows of a creator."""
        links = "\n".join(str(link) for link in creator.links)
        return {"name": creator.name, "links": links, "notes": creator.notes, "version": version}

    def clean_name(self) -> str:
        """The name with single blanks."""
        return " ".join(self.cleaned_data["name"].split())

    def clean_links(self) -> list[str]:
        """The addresses typed, each once."""
        return web_addresses(self.cleaned_data["links"])


def web_addresses(typed: str) -> list[str]:
    """The lines of `typed`, each once; raises ValidationError for what is no address of the web."""
    lines = list(dict.fromkeys(line.strip() for line in typed.splitlines() if line.strip()))
    check = forms.URLField(max_length=2_000, assume_scheme="https")
    if len(lines) > 50:
        raise ValidationError("At most 50 links.")
    for line in lines:
        if not line.startswith(("https://", "http://")):
            raise ValidationError(
                f"“{line[:60]}” is no address of the web: it begins with https:// or http://."
            )
        try:
            check.clean(line)
        except ValidationError as error:
            raise ValidationError(f"“{line[:60]}” is no address of the web.") from error
    return lines
