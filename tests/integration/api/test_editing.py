"""Changing things through the API: what is set, what is refused, and two programs that change the same."""

import base64
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from collections_app.models import Tag
from config.accounts.models import User
from libraries.models import Library
from models3d.models import Model3D
from scanning.models import Upload
from tests.factories import CollectionFactory, CreatorFactory, LibraryFactory, Model3DFactory, TagFactory

JSON = "application/json"


def patch(program: Client, address: str, content: Any, **headers: str) -> Any:
    return program.patch(address, content, content_type=JSON, headers=headers)


def test_a_model_is_changed_as_a_whole(program: Client) -> None:
    model = Model3DFactory(name="Orc")
    model.tags.add(TagFactory(name="old"))
    wanted = {
        "name": "Big orc", "creator": "Ada", "license": "cc-by-4.0", "tags": ["toy"], "notes": "*Print slowly*",
        "collections": [["Miniatures", "Orcs"]], "links": ["https://example.org/orc"], "is_sensitive": True,
    }  # fmt: skip

    told = patch(program, f"/api/v1/models/{model.pk}", wanted).json()

    assert {name: told[name] for name in wanted} == {
        **wanted,
        "license": "CC-BY-4.0",
        "collections": [{"id": told["collections"][0]["id"], "path": ["Miniatures", "Orcs"]}],
    }
    assert program.get(f"/api/v1/models/{model.pk}").json() == told


def test_what_is_not_sent_stays(program: Client) -> None:
    model = Model3DFactory(name="Orc", notes="Mine")

    patch(program, f"/api/v1/models/{model.pk}", {"tags": ["toy"]})

    model.refresh_from_db()
    assert (model.name, model.notes) == ("Orc", "Mine")


def test_the_second_of_two_programs_is_told_that_the_first_was_faster(program: Client) -> None:
    model = Model3DFactory(name="Orc")
    address = f"/api/v1/models/{model.pk}"
    etag = program.get(address)["ETag"]

    first = patch(program, address, {"name": "Big orc"}, **{"If-Match": etag})
    second = patch(program, address, {"name": "Small orc", "tags": ["lost"]}, **{"If-Match": etag})

    assert (first.status_code, second.status_code) == (200, 412)
    assert "Somebody else changed this" in second.json()["detail"]
    assert Model3D.objects.get().name == "Big orc"
    assert not Tag.objects.exists()


def test_the_etag_of_an_answer_is_good_for_the_next_change(program: Client) -> None:
    address = f"/api/v1/models/{Model3DFactory().pk}"
    etag = patch(program, address, {"name": "Big orc"})["ETag"]

    assert patch(program, address, {"name": "Orc"}, **{"If-Match": etag}).status_code == 200


@pytest.mark.parametrize("kind", ["libraries", "collections", "tags", "creators"])
def test_names_change_unless_somebody_was_faster(program: Client, kind: str) -> None:
    makers: dict[str, Any] = {
        "libraries": LibraryFactory, "collections": CollectionFactory, "tags": TagFactory, "creators": CreatorFactory,
    }  # fmt: skip
    address = f"/api/v1/{kind}/{makers[kind](name='Old').pk}"
    etag = program.get(address)["ETag"]

    changed = patch(program, address, {"name": "New"}, **{"If-Match": etag})
    late = program.delete(address, headers={"If-Match": etag})

    assert changed.json()["name"] == program.get(address).json()["name"] == "New"
    assert late.status_code == 412


def test_what_is_known_already_is_not_sent_again(program: Client) -> None:
    address = f"/api/v1/models/{Model3DFactory().pk}"
    first = program.get(address)

    again = program.get(address, headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")


def test_a_tag_gets_no_name_that_is_taken(program: Client) -> None:
    TagFactory(name="toy")
    other = TagFactory(name="game")

    refused = patch(program, f"/api/v1/tags/{other.pk}", {"name": "Toy"})

    assert refused.status_code == 409
    assert "merge" in refused.json()["detail"]


def test_a_viewer_marks_but_does_not_change(as_bob: Client, bob: User, shared_library: Library) -> None:
    model = Model3DFactory(library=shared_library, name="Orc")

    marked = as_bob.put(f"/api/v1/models/{model.pk}/marks", {"is_favorite": True}, content_type=JSON)
    refused = patch(as_bob, f"/api/v1/models/{model.pk}", {"name": "Mine"})

    assert marked.json()["is_favorite"]
    assert refused.status_code == 403
    assert "owner can make you an editor" in refused.json()["detail"]


def test_a_folder_becomes_a_library_and_goes_again(program: Client, tmp_path: Path) -> None:
    made = program.post("/api/v1/libraries", {"path": str(tmp_path)}, content_type=JSON)
    again = program.post("/api/v1/libraries", {"path": str(tmp_path)}, content_type=JSON)
    gone = program.delete(made["Location"])

    assert (made.status_code, again.status_code, gone.status_code) == (201, 422, 204)
    assert program.get(made["Location"]).status_code == 404
    assert tmp_path.is_dir()


def test_a_file_is_uploaded_by_tus_in_two_pieces(program: Client, tmp_path: Path, settings: Any) -> None:
    settings.UPLOADS_DIR = tmp_path / "uploads"
    (tmp_path / "library").mkdir()
    library = LibraryFactory(path=str(tmp_path / "library"), is_read_only=False)
    tus = {"Tus-Resumable": "1.0.0"}
    begun = program.post("/api/v1/uploads", {"library_id": library.pk, "tags": ["new"]}, content_type=JSON)
    number, path = (base64.b64encode(text.encode()).decode() for text in (str(begun.json()["id"]), "orc.stl"))
    metadata = f"batch {number},path {path}"

    announced = program.post(
        "/api/v1/uploads/tus", headers={**tus, "Upload-Length": "10", "Upload-Metadata": metadata}
    )
    for offset, piece in ((0, b"solid"), (5, b" part")):
        sent = program.patch(
            announced["Location"],
            piece,
            content_type="application/offset+octet-stream",
            headers={**tus, "Upload-Offset": str(offset)},
        )
        assert sent.status_code == 204
    submitted = program.post(f"{begun['Location']}/submit")

    assert announced["Location"].startswith("http://testserver/api/v1/uploads/tus/")
    assert submitted.json()["total"] == 1
    assert submitted.json()["submitted_at"]
    assert Upload.objects.get().state == Upload.State.RECEIVED
