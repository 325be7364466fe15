"""The pages about libraries: who sees them, and what each says about wrong entries."""

from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from config.accounts.models import User
from libraries.models import Library
from tests.factories import LibraryFactory, ModelFileFactory

ENTRY = {
    "name": "",
    "grouping": "folders",
    "absorbed_names": "",
    "ignore_patterns": "",
    "scan_interval_minutes": "720",
}


def test_members_see_their_libraries_and_strangers_do_not(
    shared_library: Library, as_alice: Client, as_bob: Client, as_charlie: Client
) -> None:
    seen = {
        who: "Minis" in client.get("/libraries/").content.decode()
        for who, client in {"alice": as_alice, "bob": as_bob, "charlie": as_charlie}.items()
    }

    assert seen == {"alice": True, "bob": True, "charlie": False}


@pytest.mark.parametrize("page", ["add/", "{pk}/", "{pk}/remove/"])
def test_only_the_owner_may_add_edit_or_remove(
    page: str, shared_library: Library, as_bob: Client, as_charlie: Client
) -> None:
    address = "/libraries/" + page.format(pk=shared_library.pk)

    answers = {client.get(address).status_code for client in (as_bob, as_charlie)}
    answers |= {client.post(address, ENTRY).status_code for client in (as_bob, as_charlie)}

    assert answers == {404}
    assert Library.objects.count() == 1


def test_an_added_folder_is_named_after_itself_and_due_for_its_scan(as_alice: Client, tmp_path: Path) -> None:
    folder = tmp_path / "Größe & Co"
    folder.mkdir()

    response = as_alice.post(
        "/libraries/add/",
        ENTRY
        | {"path": f" {folder} ", "absorbed_names": "extras, Kits,extras ", "ignore_patterns": "*.tmp\n"},
    )

    assert response["Location"] == "/activity/"
    library = Library.objects.get()
    assert (library.name, library.path, library.absorbed_names) == (
        "Größe & Co",
        str(folder),
        ["extras", "Kits"],
    )
    assert library.is_due(timezone.now())


@pytest.mark.parametrize(
    "path", ["", "relative/folder", "/etc", "/", "/no/such/folder", "/proc/self", "a\x00b", "/" + "x" * 5_000]
)
def test_a_folder_that_will_not_do_is_told_beside_the_field(as_alice: Client, path: str) -> None:
    response = as_alice.post("/libraries/add/", ENTRY | {"path": path})

    assert response.status_code == 200
    assert 'id="id_path_error"' in response.content.decode()
    assert not Library.objects.exists()


def test_a_folder_inside_another_library_is_refused(as_alice: Client, tmp_path: Path) -> None:
    LibraryFactory(name="All", path=str(tmp_path))
    (tmp_path / "inner").mkdir()

    response = as_alice.post("/libraries/add/", ENTRY | {"path": str(tmp_path / "inner")})

    assert "lies inside the library “All”" in response.content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"scan_interval_minutes": "-5"},
        {"scan_interval_minutes": "often"},
        {"grouping": "by colour"},
        {"absorbed_names": "a/b"},
        {"absorbed_names": "x" * 101},
        {"name": "n" * 201},
        {"members": "999999"},
    ],
)
def test_wrong_settings_are_told_and_change_nothing(
    as_alice: Client, bob: User, wrong: dict[str, str]
) -> None:
    library = LibraryFactory(name="Minis")

    response = as_alice.post(f"/libraries/{library.pk}/", ENTRY | {"name": "Other"} | wrong)

    assert response.status_code == 200
    assert "errorlist" in response.content.decode()
    library.refresh_from_db()
    assert library.name == "Minis"


def test_settings_are_saved_without_touching_what_a_scan_writes(as_alice: Client, bob: User) -> None:
    library = LibraryFactory(name="Minis", scanned_at=timezone.now(), next_scan_at=timezone.now())
    Library.objects.filter(pk=library.pk).update(model_count=7)

    as_alice.post(
        f"/libraries/{library.pk}/",
        ENTRY
        | {
            "name": "Miniatures",
            "scan_interval_minutes": "0",
            "is_restricted": "on",
            "members": [str(bob.pk)],
        },
    )

    library.refresh_from_db()
    assert (library.name, library.model_count, library.next_scan_at) == ("Miniatures", 7, None)
    assert list(library.members.all()) == [bob]


def test_an_unusual_interval_survives_editing(as_alice: Client) -> None:
    library = LibraryFactory(scan_interval_minutes=47)

    page = as_alice.get(f"/libraries/{library.pk}/").content.decode()

    assert "Every 47 minutes" in page


def test_removing_asks_first_and_leaves_files_alone(as_alice: Client, tmp_path: Path) -> None:
    (tmp_path / "cube.stl").write_text("solid")
    library = LibraryFactory(name="Minis", path=str(tmp_path))
    ModelFileFactory(model__library=library)

    asked = as_alice.get(f"/libraries/{library.pk}/remove/").content.decode()
    as_alice.post(f"/libraries/{library.pk}/remove/")

    assert "are not touched" in asked
    assert not Library.objects.kept().exists()
    assert (tmp_path / "cube.stl").exists()


def test_names_and_paths_are_shown_as_text_not_as_markup(as_alice: Client) -> None:
    LibraryFactory(name="<script>alert(1)</script>", path="/srv/\U0010ffe9\u202e<b>")

    page = as_alice.get("/libraries/").content.decode()

    assert "<script>alert" not in page
    assert r"/srv/\xe9\u202e&lt;b&gt;" in page
