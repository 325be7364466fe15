"""Forms of bulk edits, one per action: what is typed becomes the value of the edit and the words for it."""

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from collections_app.models import Collection, Creator, Tag
from collections_app.shelving import collections_at
from collections_app.tree import BETWEEN, names_in
from config.lib.forms import PageFormMixin
from models3d.bulk_models import BulkEdit
from models3d.licenses import canonical
from models3d.services import LONGEST_TAG, MOST_TAGS, tag_names

Action = BulkEdit.Action
_LONGEST_NAME: Final = 200


class BulkForm(PageFormMixin, forms.Form):
    """What to do with the chosen models. `heading` says it with {what} for "3 models"; `request` makes rows as needed."""

    heading = ""
    button = "Apply"

    def request(self) -> tuple[dict[str, Any], str]:
        """The value of the edit and its title, such as "Add the tag “toy”"."""
        raise NotImplementedError


def suggesting(address: str) -> forms.TextInput:
    """A text box whose list of suggestions follows what is typed; `address` answers with options."""
    return forms.TextInput(
        attrs={
            "list": f"known-{address}",
            "autocomplete": "off",
            "hx-get": f"/suggestions/{address}/",
            "hx-trigger": "input changed delay:200ms, focus once",
            "hx-target": f"#known-{address}",
            "hx-swap": "innerHTML",
        }
    )


class AddTagsForm(BulkForm):
    heading = "Tag {what}"
    button = "Add tags"
    tags = forms.CharField(
        max_length=10_000, help_text="Several with commas between them.", widget=suggesting("tags")
    )

    def clean_tags(self) -> list[str]:
        """The names typed, each once."""
        names = tag_names(self.cleaned_data["tags"].split(","))
        if not names:
            raise ValidationError("Type at least one tag.")
        if len(names) > MOST_TAGS or any(len(name) > LONGEST_TAG for name in names):
            raise ValidationError(f"At most {MOST_TAGS} tags of at most {LONGEST_TAG} characters each.")
        return names

    def request(self) -> tuple[dict[str, Any], str]:
        tags = Tag.objects.named(self.cleaned_data["tags"])
        return {"tags": sorted(tag.pk for tag in tags)}, _title("Add the tag", [tag.name for tag in tags])


class RemoveTagsForm(AddTagsForm):
    heading = "Remove tags from {what}"
    button = "Remove tags"

    def clean_tags(self) -> list[str]:
        names = super().clean_tags()
        known = {tag.name.lower() for tag in Tag.objects.known(names)}
        if unknown := [name for name in names if name.lower() not in known]:
            raise ValidationError(f"There is no tag called “{unknown[0]}”.")
        return names

    def request(self) -> tuple[dict[str, Any], str]:
        tags = Tag.objects.known(self.cleaned_data["tags"])
        return {"tags": sorted(tag.pk for tag in tags)}, _title("Remove the tag", [tag.name for tag in tags])


class AddToCollectionForm(BulkForm):
    heading = "Add {what} to a collection"
    button = "Add to collection"
    collection = forms.CharField(
        max_length=1_000,
        help_text="A new one is made. One inside another is written “Miniatures / Dragons”.",
        widget=suggesting("collections"),
    )

    def clean_collection(self) -> tuple[str, ...]:
        """The names from the outermost collection inwards."""
        names = names_in(self.cleaned_data["collection"])
        if not names or len(names) > 20 or any(len(name) > _LONGEST_NAME for name in names):
            raise ValidationError(f"Names have from 1 to {_LONGEST_NAME} characters, 20 of them at most.")
        return names

    def request(self) -> tuple[dict[str, Any], str]:
        names = self.cleaned_data["collection"]
        return {"collections": [collections_at([names])[names]]}, f"Add to {BETWEEN.join(names)}"


class RemoveFromCollectionForm(AddToCollectionForm):
    heading = "Remove {what} from a collection"
    button = "Remove from collection"

    def clean_collection(self) -> tuple[str, ...]:
        names = super().clean_collection()
        self.found = _collection_at(names)
        if self.found is None:
            raise ValidationError(f"There is no collection “{BETWEEN.join(names)}”.")
        return names

    def request(self) -> tuple[dict[str, Any], str]:
        names = BETWEEN.join(self.cleaned_data["collection"])
        return {"collections": [self.found]}, f"Remove from {names}"


class SetCreatorForm(BulkForm):
    heading = "Set the creator of {what}"
    button = "Set creator"
    creator = forms.CharField(
        max_length=_LONGEST_NAME,
        required=False,
        help_text="Leave it empty to take the creator away.",
        widget=suggesting("creators"),
    )

    def request(self) -> tuple[dict[str, Any], str]:
        name = " ".join(self.cleaned_data["creator"].split())
        if not name:
            return {"creator": None}, "Take the creator away"
        creator = Creator.objects.named([name])[0]
        return {"creator": creator.pk}, f"Set the creator to {creator.name}"


class SetLicenseForm(BulkForm):
    heading = "Set the licence of {what}"
    button = "Set licence"
    license = forms.CharField(
        label="Licence",
        max_length=100,
        required=False,
        help_text="SPDX identifier, such as CC-BY-4.0; empty where it is not known.",
        widget=suggesting("licenses"),
    )

    def request(self) -> tuple[dict[str, Any], str]:
        license = canonical(self.cleaned_data["license"])
        return {"value": license}, f"Set the licence to {license}" if license else "Take the licence away"


class _YesNoForm(BulkForm):
    titles = ("", "")
    value = forms.ChoiceField(
        label="", choices=[("yes", "Yes"), ("no", "No")], widget=forms.RadioSelect, initial="yes"
    )

    def request(self) -> tuple[dict[str, Any], str]:
        is_on = self.cleaned_data["value"] == "yes"
        return {"value": is_on}, self.titles[0 if is_on else 1]


class SetSensitiveForm(_YesNoForm):
    heading = "Mark {what} as sensitive?"
    titles = ("Mark as sensitive", "Mark as not sensitive")


class SetFavoriteForm(_YesNoForm):
    heading = "Mark {what} as your favourites?"
    titles = ("Mark as favourite", "Take the favourite mark away")


class ReanalyzeForm(BulkForm):
    heading = "Measure {what} anew?"
    button = "Measure and picture anew"

    def request(self) -> tuple[dict[str, Any], str]:
        return {}, "Measure and picture anew"


BULK_FORMS: Final[dict[str, type[BulkForm]]] = {
    Action.ADD_TAGS: AddTagsForm,
    Action.REMOVE_TAGS: RemoveTagsForm,
    Action.ADD_TO_COLLECTION: AddToCollectionForm,
    Action.REMOVE_FROM_COLLECTION: RemoveFromCollectionForm,
    Action.SET_CREATOR: SetCreatorForm,
    Action.SET_LICENSE: SetLicenseForm,
    Action.SET_SENSITIVE: SetSensitiveForm,
    Action.SET_FAVORITE: SetFavoriteForm,
    Action.REANALYZE: ReanalyzeForm,
}


def _title(verb: str, names: list[str]) -> str:
    shown = ", ".join(f"“{name}”" for name in sorted(names)[:5])
    return f"{verb}{'s' if len(names) > 1 else ''} {shown}{' …' if len(names) > 5 else ''}"


def _collection_at(names: tuple[str, ...]) -> int | None:
    found: int | None = None
    for name in names:
        row = Collection.objects.filter(parent=found, name__iexact=name).first()
        if row is None:
            return None
        found = row.pk
    return found
