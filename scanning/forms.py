"""Forms about grouping: splitting files off a model, the rules of a library."""

from typing import Any

from django import forms

from config.lib.forms import PageFormMixin
from libraries.models import Library
from models3d.models import Model3D
from scanning.decision_models import FolderGrouping
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


class RulesForm(PageFormMixin, forms.ModelForm):
    """The rules by which the files of a library become models, and one for a folder of it."""

    absorbed_names = forms.CharField(
        label="Subfolders that belong to the model above them",
        help_text="Names separated by commas. Usual ones such as “STL”, “images” or “supported” are known already.",
        required=False,
        max_length=2_000,
    )
    folder = forms.CharField(
        label="Another rule for this folder",
        help_text="Its path within the library, such as Downloads/Minis. Empty: no further rule.",
        required=False,
        max_length=4_000,
    )
    how = forms.ChoiceField(label="What is one model there", choices=FolderGrouping.How, required=False)
    absorbs = forms.CharField(
        label="Subfolders there that belong to the model above them", required=False, max_length=2_000
    )
    separates = forms.CharField(
        label="Subfolders there that stand for themselves", required=False, max_length=2_000
    )

    class Meta:
        model = Library
        fields = ("grouping", "absorbed_names", "ignore_patterns")
        labels = {"grouping": "What is one model", "ignore_patterns": "Files to leave out"}
        widgets = {"ignore_patterns": forms.Textarea(attrs={"rows": 3, "spellcheck": "false"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["name"] = self.instance.name
        self.initial["absorbed_names"] = ", ".join(self.instance.absorbed_names)

    def clean_absorbed_names(self) -> list[str]:
        return self._names("absorbed_names")

    def clean_absorbs(self) -> list[str]:
        return self._names("absorbs")

    def clean_separates(self) -> list[str]:
        return self._names("separates")

    def clean_folder(self) -> str:
        return str(self.cleaned_data["folder"]).strip().strip("/")

    @property
    def folder_names(self) -> tuple[list[str], list[str]]:
        """Names that the folder absorbs, and names that stand for themselves in it."""
        return self.cleaned_data["absorbs"], self.cleaned_data["separates"]

    def save_rules(self, *, by: Any) -> None:
        """Save the library's rules, and that of the folder if one is given."""
        self.save(commit=False).save(update_fields=list(self.Meta.fields))
        if folder := self.cleaned_data["folder"]:
            absorbs, separates = self.folder_names
            FolderGrouping.objects.update_or_create(
                library=self.instance,
                folder=folder,
                defaults={
                    "how": self.cleaned_data["how"],
                    "absorbed_names": absorbs,
                    "separate_names": separates,
                    "decided_by": by,
                },
            )

    def _names(self, field: str) -> list[str]:
        names = [name.strip() for name in self.cleaned_data[field].split(",")]
        if any(len(name) > 100 or "/" in name for name in names):
            raise forms.ValidationError(
                "These are names of folders, without “/” and no longer than 100 characters."
            )
        return list(dict.fromkeys(filter(None, names)))
