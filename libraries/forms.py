"""Forms for adding a library and for its settings."""

from datetime import datetime
from typing import Any, Final

from django import forms
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from config.lib.forms import PageFormMixin
from libraries.models import Library

_INTERVALS: Final = {
    0: "Only when asked",
    15: "Every 15 minutes",
    60: "Every hour",
    360: "Every 6 hours",
    720: "Every 12 hours",
    1440: "Every day",
    10_080: "Every week",
}
_LONGEST_NAME: Final = 100


class LibrarySettingsForm(PageFormMixin, forms.ModelForm):
    """What the owner may change of a library; its folder stays as it was added."""

    scan_interval_minutes = forms.TypedChoiceField(label="Scan", coerce=int)
    absorbed_names = forms.CharField(
        label="Subfolders that belong to the model above them",
        help_text="Names separated by commas. Usual ones such as “STL”, “images” or “supported” are known already.",
        required=False,
        max_length=2_000,
    )

    takes_files = forms.BooleanField(
        label="Files may be added and changed",
        required=False,
        help_text=(
            "People who edit models may then upload files into it, and rename, move and delete those that are there. Nothing "
            "is overwritten; what is deleted waits in the bin. While it is off, Layershelf never changes a file."
        ),
    )

    class Meta:
        model = Library
        fields = [
            "name",
            "grouping",
            "absorbed_names",
            "path_template",
            "ignore_patterns",
            "scan_interval_minutes",
            "is_watched",
            "is_restricted",
            "members",
            "groups",
        ]
        labels = {
            "name": "Name",
            "grouping": "What is one model",
            "path_template": "What the folders of a path mean",
            "ignore_patterns": "Files to leave out",
            "is_watched": "Watch for changes",
            "is_restricted": "Only for chosen people",
            "members": "Chosen people",
            "groups": "Chosen groups",
        }
        help_texts = {
            "path_template": (
                "Such as {creator}/{collection}/{name}; {tags} stands for words with commas. The last part is the model's own "
                "folder. What you type on a model's page counts more."
            ),
            "is_watched": "New and changed files are then found within seconds, as far as the disk tells of them.",
            "ignore_patterns": "One pattern a line, as in .gitignore. Hidden and system files are left out anyway.",
            "is_restricted": "Otherwise everybody who can sign in sees this library. The owner sees every one.",
            "members": "",
            "groups": "",
        }
        widgets = {
            "path_template": forms.TextInput(attrs={"spellcheck": "false", "autocapitalize": "none"}),
            "ignore_patterns": forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
            "members": forms.CheckboxSelectMultiple,
            "groups": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        current = self.instance.scan_interval_minutes
        intervals = {**_INTERVALS, current: _INTERVALS.get(current, f"Every {current:,} minutes")}
        self._choice("scan_interval_minutes").choices = sorted(intervals.items())
        self.initial["scan_interval_minutes"] = current
        self.initial["takes_files"] = not self.instance.is_read_only
        self.initial["absorbed_names"] = ", ".join(self.instance.absorbed_names)
        if self.instance.storage == Library.Storage.S3:
            self.leave_out_watching()
        people = get_user_model().objects.filter(is_active=True, is_superuser=False).order_by("username")
        if people.exists():
            self._members().queryset = people
        else:  # nobody to choose
            del self.fields["members"]
        if not Group.objects.exists():
            del self.fields["groups"]

    def clean_absorbed_names(self) -> list[str]:
        names = [name.strip() for name in self.cleaned_data["absorbed_names"].split(",")]
        names = list(dict.fromkeys(name for name in names if name))
        if any(len(name) > _LONGEST_NAME or "/" in name for name in names):
            raise forms.ValidationError(
                "These are names of folders, without “/” and no longer than 100 characters."
            )
        return names

    def save_settings(self, *, now: datetime) -> None:
        """Save what was changed, and nothing else: a scan may be writing counts into the same row."""
        library = self.save(commit=False)
        library.next_scan_at = library.next_scan_after(library.scanned_at or now)
        library.is_read_only = not self.cleaned_data["takes_files"]
        columns = [name for name in self.fields if name not in {"members", "groups", "takes_files"}]
        library.save(update_fields=[*columns, "next_scan_at", "is_read_only"])
        self.save_m2m()

    def leave_out_watching(self) -> None:
        """A bucket tells nobody of changes: say that it is only looked at now and then."""
        del self.fields["is_watched"]
        self.fields[
            "scan_interval_minutes"
        ].help_text = "A bucket tells of no changes: they are found by the next scan."

    def _choice(self, name: str) -> forms.TypedChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.TypedChoiceField)
        return field

    def _members(self) -> "forms.ModelMultipleChoiceField[Any]":
        field = self.fields["members"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        return field


class AddLibraryForm(LibrarySettingsForm):
    """The settings, and the folder. Whether the folder will do is told by `services.add_library`, not by this form."""

    path = forms.CharField(
        label="Folder",
        max_length=4_000,
        help_text="Full path on the machine that runs Layershelf, such as /srv/models.",
        widget=forms.TextInput(attrs={"autofocus": True, "spellcheck": "false", "autocapitalize": "none"}),
    )
    field_order = ["path"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = False
        self.fields["name"].help_text = "The name of the folder, unless you write another."

    @property
    def further_fields(self) -> list[forms.BoundField]:
        """What can be left as it is: folded away on the page."""
        return [self[name] for name in self.fields if name not in {"path", "name"}]

    @property
    def has_further_errors(self) -> bool:
        """Whether something folded away needs a look."""
        return any(field.errors for field in self.further_fields)

    def library_settings(self) -> dict[str, Any]:
        """The cleaned values that are fields of Library."""
        names = (
            *("grouping", "absorbed_names", "path_template", "ignore_patterns"),
            *("scan_interval_minutes", "is_watched", "is_restricted"),
        )
        wanted = {name: self.cleaned_data[name] for name in names}
        return wanted | {"is_read_only": not self.cleaned_data["takes_files"]}
