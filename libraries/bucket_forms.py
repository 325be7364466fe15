"""Forms for libraries in buckets: how the storage is reached, and the settings as for folders."""

from typing import Any, Final

from django import forms

from config.lib.forms import PageFormMixin
from libraries.connecting import BucketProblem, access_key_id_of
from libraries.forms import LibrarySettingsForm
from libraries.models import Library
from libraries.storage.s3.address import Bucket

_PLAIN: Final = {"spellcheck": "false", "autocapitalize": "none", "autocomplete": "off"}
# Fields of Bucket by the fields of the forms, where they differ.
_FIELD_OF_ENTRY: Final = {"name": "bucket_name", "prefix": "key_prefix"}


class ConnectionForm(PageFormMixin, forms.Form):
    """How a bucket is reached. The secret never comes back from here; whether all of it is right, the storage tells."""

    endpoint_url = forms.CharField(
        label="Endpoint",
        required=False,
        max_length=200,
        help_text="Address of the storage, such as http://nas.local:9000. Leave it empty for Amazon S3.",
        widget=forms.TextInput(attrs={**_PLAIN, "inputmode": "url"}),
    )
    region = forms.CharField(
        label="Region",
        required=False,
        max_length=60,
        help_text="Such as eu-central-1. Storages other than Amazon's mostly need none.",
        widget=forms.TextInput(attrs=_PLAIN),
    )
    access_key_id = forms.CharField(
        label="Access key ID", max_length=200, widget=forms.TextInput(attrs=_PLAIN)
    )
    secret_access_key = forms.CharField(
        label="Secret access key",
        max_length=500,
        help_text="Kept encrypted, and never shown again.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    uses_path_style = forms.BooleanField(
        label="The bucket stands in the path of addresses",
        required=False,
        initial=True,
        help_text="As most storages of one's own want it: http://nas.local:9000/bucket rather than http://bucket.nas.local:9000.",
    )
    is_reachable_by_browsers = forms.BooleanField(
        label="Browsers reach the storage",
        required=False,
        initial=True,
        help_text="Downloads then come straight from the bucket, by links that end after minutes. Otherwise through Layershelf.",
    )

    def bucket(self, *, name: str = "", prefix: str = "") -> Bucket:
        """What was typed, not checked yet."""
        typed = self.cleaned_data
        return Bucket(
            name=name,
            prefix=prefix,
            endpoint_url=typed["endpoint_url"],
            region=typed["region"],
            uses_path_style=typed["uses_path_style"],
            access_key_id=typed["access_key_id"],
            secret_access_key=typed["secret_access_key"],
        )

    def show_problem(self, problem: BucketProblem) -> None:
        """Say what is wrong beside the field it is about."""
        entry = _FIELD_OF_ENTRY.get(problem.entry, problem.entry)
        self.add_error(entry if entry in self.fields else None, str(problem))


class ReconnectForm(ConnectionForm):
    """The same for a library that is there already: a secret that is left empty stays."""

    def __init__(self, *args: Any, library: Library, **kwargs: Any) -> None:
        names = ("endpoint_url", "region", "uses_path_style", "is_reachable_by_browsers")
        stored = {name: getattr(library, name) for name in names}
        super().__init__(*args, initial=stored | {"access_key_id": access_key_id_of(library)}, **kwargs)
        secret = self.fields["secret_access_key"]
        secret.required = False
        secret.help_text = "Leave it empty to keep the one that is stored. It is never shown."


class AddBucketForm(ConnectionForm, LibrarySettingsForm):
    """The connection, the part of the bucket, and the settings of the library."""

    bucket_name = forms.CharField(label="Bucket", max_length=255, widget=forms.TextInput(attrs=_PLAIN))
    key_prefix = forms.CharField(
        label="Prefix",
        required=False,
        max_length=1_024,
        strip=False,
        help_text="Only what is below this path, such as prints/minis. Otherwise the whole bucket.",
        widget=forms.TextInput(attrs=_PLAIN),
    )
    field_order = [
        "endpoint_url", "bucket_name", "key_prefix", "region", "access_key_id", "secret_access_key",
        "uses_path_style", "is_reachable_by_browsers", "name",
    ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = False
        self.fields["name"].help_text = "The name of the bucket, unless you write another."
        self.leave_out_watching()

    @property
    def connection_fields(self) -> list[forms.BoundField]:
        """What every bucket needs."""
        return [self[name] for name in self.field_order]

    @property
    def further_fields(self) -> list[forms.BoundField]:
        """What can be left as it is: folded away on the page."""
        return [self[name] for name in self.fields if name not in self.field_order]

    @property
    def has_further_errors(self) -> bool:
        """Whether something folded away needs a look."""
        return any(field.errors for field in self.further_fields)

    def library_settings(self) -> dict[str, Any]:
        """The cleaned values that are fields of Library, but for its place."""
        names = (
            *("grouping", "absorbed_names", "path_template", "ignore_patterns"),
            *("scan_interval_minutes", "is_restricted", "is_reachable_by_browsers"),
        )
        return {name: self.cleaned_data[name] for name in names}
