"""The form beside the files: where they go and what their models are to be called."""

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from config.lib.forms import PageFormMixin
from libraries.models import Library
from libraries.paths import display_path
from models3d.services import LONGEST_TAG, MOST_TAGS, tag_names
from scanning.upload_models import UploadBatch
from scanning.upload_paths import BadUploadPath, upload_folder

_FIELDS: Final = ("folder", "name", "creator", "collection", "tags", "license", "unpacks")
_FURTHER: Final = ("collection", "license", "unpacks")


class UploadForm(PageFormMixin, forms.Form):
    """What is wanted of a batch; `wanted` has it as fields of UploadBatch."""

    library = forms.ModelChoiceField(queryset=Library.objects.none(), empty_label=None)
    folder = forms.CharField(
        required=False,
        max_length=1_000,
        help_text="Within the library, such as Minis/2026. It is made if need be.",
    )
    name = forms.CharField(
        label="Name of the model",
        required=False,
        max_length=200,
        help_text="All files then become one model. Left empty, each folder becomes one, and each loose file.",
    )
    creator = forms.CharField(required=False, max_length=200)
    collection = forms.CharField(
        required=False, max_length=400, help_text="With “/” between those that stand inside each other."
    )
    tags = forms.CharField(required=False, max_length=10_000, help_text="Several with commas between them.")
    license = forms.CharField(
        label="Licence", required=False, max_length=100, help_text="SPDX identifier, such as CC-BY-4.0."
    )
    unpacks = forms.BooleanField(
        label="Unpack archives",
        required=False,
        help_text="Otherwise they are kept as they are, and their files are shown all the same.",
    )

    def __init__(
        self, *args: Any, libraries: QuerySet[Library], batch: UploadBatch | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        library = self.fields["library"]
        assert isinstance(library, forms.ModelChoiceField)
        library.queryset = libraries
        if batch is not None:  # its files were checked against the room in this library
            library.queryset = libraries.filter(pk=batch.library_id)
            self.initial = {name: getattr(batch, name) for name in _FIELDS}
            self.initial["tags"], self.initial["folder"] = ", ".join(batch.tags), display_path(batch.folder)

    @property
    def main_fields(self) -> list[forms.BoundField]:
        """What most uploads want said."""
        return [field for field in self if field.name not in _FURTHER]

    @property
    def further_fields(self) -> list[forms.BoundField]:
        """What can be left as it is: folded away on the page."""
        return [self[name] for name in _FURTHER]

    @property
    def has_further_errors(self) -> bool:
        """Whether something folded away needs a look."""
        return any(field.errors for field in self.further_fields)

    def clean_folder(self) -> str:
        try:
            return upload_folder(self.cleaned_data["folder"])
        except BadUploadPath as error:
            raise ValidationError(str(error)) from error

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        try:
            if name:
                upload_folder(name.replace("/", "-"))
        except BadUploadPath as error:
            raise ValidationError(str(error)) from error
        return name

    def clean_tags(self) -> list[str]:
        names = tag_names(self.cleaned_data["tags"].split(","))
        if len(names) > MOST_TAGS:
            raise ValidationError(f"A model has at most {MOST_TAGS} tags; these are {len(names)}.")
        for name in names:
            if len(name) > LONGEST_TAG:
                raise ValidationError(
                    f"A tag has at most {LONGEST_TAG} characters; “{name[:20]}…” has {len(name)}."
                )
        return names

    def wanted(self) -> dict[str, Any]:
        """The cleaned values that are fields of UploadBatch."""
        return {name: self.cleaned_data[name] for name in _FIELDS}
