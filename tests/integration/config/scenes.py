"""The scene of the access tests: a restricted library with one of everything in it, and the people around it."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import Client
from django.utils import timezone

from collections_app.models import SavedSearch
from config.accounts.invites import make_invite
from config.accounts.models import User
from config.accounts.tokens import make_token
from config.sharing.models import ShareLink
from libraries.models import Library
from models3d.bulk_models import BulkEdit
from models3d.models import FileChange, Model3D, Move
from models3d.previews import SMALL, preview_path
from models3d.signed_files import signed_path
from tests.factories import (
    CollectionFactory,
    CreatorFactory,
    EditorFactory,
    LibraryFactory,
    Model3DFactory,
    ModelFileFactory,
    OwnerFactory,
    PrinterFactory,
    ProblemFactory,
    ScanFactory,
    TagFactory,
    UploadBatchFactory,
    UploadFactory,
    UserFactory,
)

SECRET = "Zanzibar"  # stands in every name of the restricted library
WORD = "zanz"  # finds them
SHA256 = "5e" * 32


@dataclass(frozen=True)
class Scene:
    """People by what they are, and the parts of addresses by the word that the table has for them."""

    people: dict[str, User]
    parts: dict[str, object]
    sessions: dict[str, str]

    def client_of(self, person: str) -> Client:
        """A new browser in which `person` is signed in, if it is one who can be."""
        client = Client()
        if person in self.sessions:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[person]
        return client


def _session_of(user: User) -> str:
    client = Client()
    client.force_login(user)
    return str(client.cookies[settings.SESSION_COOKIE_NAME].value)


def scene(folder: Path) -> Scene:
    """Make the rows, and the few files behind them in `folder`."""
    people: dict[str, Any] = {
        "owner": OwnerFactory(),
        "editor": EditorFactory(),
        "viewer": UserFactory(),
        "stranger": UserFactory(),
        "foreign editor": EditorFactory(),
    }
    library = LibraryFactory(name=f"{SECRET} library", path=str(folder), is_restricted=True)
    library.members.set([people["editor"], people["viewer"]])
    LibraryFactory(name="Open library")
    (folder / f"{SECRET} part.stl").write_bytes(b"solid")
    picture = preview_path(SHA256, SMALL)
    picture.parent.mkdir(parents=True, exist_ok=True)
    picture.write_bytes(b"RIFF")
    return Scene(
        people,
        _parts(library, people["owner"]) | _asked(people["editor"]),
        {name: _session_of(user) for name, user in people.items()},
    )


def _asked(editor: User) -> dict[str, object]:
    return {"bulk_edit": BulkEdit.objects.create(user=editor, action="add_tags", title=f"Tag as {SECRET}").pk}


def _parts(library: Library, owner: User) -> dict[str, object]:
    creator = CreatorFactory(name=f"{SECRET} creator", model_count=1)
    tag = TagFactory(name=f"{SECRET} tag", model_count=1)
    model = Model3DFactory(
        library=library, name=f"{SECRET} model", creator=creator, formats=["stl"], file_count=1
    )
    model.tags.add(tag)
    collection = CollectionFactory(name=f"{SECRET} collection")
    model.collections.add(collection)
    file = ModelFileFactory(model=model, relative_path=f"{SECRET} part.stl", sha256=SHA256)
    failed = ModelFileFactory(
        model=model,
        relative_path=f"{SECRET} broken.stl",
        analysis_state="failed",
        analysis_error="The file ends too early.",
    )
    bucket = LibraryFactory(
        name=f"{SECRET} bucket", storage="s3", path="", bucket="minis", is_restricted=True
    )
    token, _ = make_token(owner, name=f"{SECRET} script", scopes=["read"], expires_at=None)
    invite, secret = make_invite(
        note=f"{SECRET} friend",
        role=User.Role.VIEWER,
        library_ids=[],
        expires_at=timezone.now() + timedelta(days=1),
        by=owner,
    )
    search = SavedSearch.objects.create(user=owner, name=f"{SECRET} search", query="q=dragon")
    link = ShareLink.objects.create(model=model, created_by=owner, may_download=True)
    return {
        "library": library.pk,
        "bucket": bucket.pk,
        "collection": collection.pk,
        "model": model.pk,
        "file": file.pk,
        "failed_file": failed.pk,
        "creator": creator.pk,
        "tag": tag.pk,
        "scan": ScanFactory(library=library, state="running").pk,
        "problem": ProblemFactory(file=file, sentence=f"{SECRET} has 3 holes.").pk,
        "sha256": SHA256,
        **_upload_parts(library, owner),
        "person": owner.pk,
        "search": search.pk,
        "signed_key": signed_path(file, user=owner).split("/")[2],
        "printer": PrinterFactory(user=owner, name=f"{SECRET} printer").pk,
        "token": token.pk,
        "invite": invite.pk,
        "secret": secret,
        "link": link.pk,
        "link_key": link.key,
        **_change_parts(library, model, owner),
    }


def _upload_parts(library: Library, owner: User) -> dict[str, object]:
    batch = UploadBatchFactory(library=library, user=owner, name=f"{SECRET} upload")
    return {"upload_batch": batch.pk, "upload": UploadFactory(batch=batch).pk}


def _change_parts(library: Library, model: Model3D, owner: User) -> dict[str, object]:
    change = FileChange.objects.create(
        library=library, kind="bin", state="done", requested_by=owner, requested_at=timezone.now()
    )
    binned = Move.objects.create(
        change=change, model=model, name=f"{SECRET} part", from_path=SECRET, state="done", file_count=1
    )
    return {"change": change.pk, "binned": binned.pk}
