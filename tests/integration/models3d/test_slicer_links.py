"""Links into slicers: a signed address for one file, for some minutes, as long as its person may see the file."""

from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit
from zipfile import ZipFile

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone

from config.accounts.models import User
from libraries.models import Library
from models3d.models import ModelFile
from models3d.signed_files import SECONDS, signed_path
from models3d.slicers import SLICERS
from tests.factories import LibraryFactory, Model3DFactory, ModelFileFactory
from tests.integration.models3d.test_downloads import CONTENT, SIZE, body, stored


def path_in(link: str) -> str:
    """The path of the address that a slicer's link hands over."""
    address = unquote(link.partition("http")[2])
    return urlsplit(f"http{address}").path


def opened(client: Client, file: ModelFile, slicer: str = "orca", **headers: str) -> str:
    response = client.get(f"/files/{file.pk}/open/{slicer}/", headers=headers)
    assert response.status_code == 302
    return str(response["Location"])


def test_a_slicer_gets_the_file_without_signing_in(as_alice: Client, tmp_path: Path) -> None:
    link = opened(as_alice, stored(tmp_path, "orc & elf.stl"))

    response = Client().get(path_in(link))

    assert link.startswith("orcaslicer://open?file=http%3A%2F%2Ftestserver%2Fsigned%2F")
    assert link.endswith("%2Forc%2520%26%2520elf.stl")
    assert body(response) == CONTENT


def test_parts_and_heads_of_the_file_are_answered_and_nothing_else(as_alice: Client, tmp_path: Path) -> None:
    path = path_in(opened(as_alice, stored(tmp_path)))

    part = Client().get(path, headers={"Range": "bytes=2-5"})
    head = Client().head(path)

    assert (part.status_code, body(part)) == (206, CONTENT[2:6])
    assert (head["Content-Length"], body(head)) == (str(SIZE), b"")
    assert Client().post(path).status_code == 405


def test_bambu_studio_has_another_link_on_a_mac(as_alice: Client, tmp_path: Path) -> None:
    file = stored(tmp_path)

    assert opened(as_alice, file, "bambu").startswith("bambustudio://open?file=http")
    assert opened(as_alice, file, "bambu", **{"User-Agent": "Mozilla/5.0 (Macintosh)"}).startswith(
        "bambustudioopen://http"
    )


def test_a_file_in_an_archive_is_opened_too(as_alice: Client, tmp_path: Path) -> None:
    with ZipFile(tmp_path / "pack.zip", "w") as archive:
        archive.writestr("orc/orc.stl", CONTENT)
    model = Model3DFactory(library=LibraryFactory(path=str(tmp_path)))
    file = ModelFileFactory(model=model, relative_path="pack.zip//orc/orc.stl", size_bytes=SIZE)

    assert body(Client().get(path_in(opened(as_alice, file)))) == CONTENT


def test_the_address_ends_with_the_access_of_its_person(
    bob: User, shared_library: Library, tmp_path: Path
) -> None:
    shared_library.path = str(tmp_path)
    shared_library.save(update_fields=["path"])
    path = signed_path(stored(tmp_path, library=shared_library), user=bob)
    assert Client().get(path).status_code == 200

    shared_library.members.remove(bob)
    assert Client().get(path).status_code == 404

    shared_library.members.add(bob)
    bob.is_active = False
    bob.save(update_fields=["is_active"])
    assert Client().get(path).status_code == 404


def test_the_address_ends_after_some_minutes(
    alice: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = signed_path(stored(tmp_path), user=alice)
    later = (timezone.now() + timedelta(seconds=SECONDS + 5)).timestamp()

    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    response = Client().get(path)

    assert response.status_code == 404
    assert b"its time is over" in response.content


@pytest.mark.parametrize("key", ["x", "x:y:z", "ab" * 3000])
def test_forged_addresses_are_refused(db: None, key: str) -> None:
    assert Client().get(f"/signed/{key}/part.stl").status_code == 404


def test_a_signature_made_for_something_else_is_refused(db: None) -> None:
    key = signing.dumps([1, 1], salt="another")

    assert Client().get(f"/signed/{key}/part.stl").status_code == 404


def test_a_file_that_left_its_disk_is_told(as_alice: Client, tmp_path: Path) -> None:
    path = path_in(opened(as_alice, stored(tmp_path)))
    (tmp_path / "part.stl").unlink()

    assert Client().get(path).status_code == 404


def test_strangers_unknown_slicers_and_pictures_get_no_link(
    as_alice: Client, as_bob: Client, as_charlie: Client, shared_library: Library
) -> None:
    model = Model3DFactory(library=shared_library)
    mesh = ModelFileFactory(model=model)
    picture = ModelFileFactory(model=model, extension="png", kind="image")

    assert as_bob.get(f"/files/{mesh.pk}/open/cura/").status_code == 302
    assert as_charlie.get(f"/files/{mesh.pk}/open/cura/").status_code == 404
    assert Client().get(f"/files/{mesh.pk}/open/cura/")["Location"].startswith("/account/")
    assert as_alice.get(f"/files/{mesh.pk}/open/paint/").status_code == 404
    assert as_alice.get(f"/files/{picture.pk}/open/cura/").status_code == 404


def test_odd_names_make_addresses_too(as_alice: Client) -> None:
    for name in ("a\nb.stl", "50% ?#.stl", "ドラゴン.stl", "..stl"):
        assert opened(as_alice, ModelFileFactory(relative_path=name))


def test_the_page_offers_the_preferred_slicer_first(as_bob: Client, bob: User) -> None:
    model = Model3DFactory()
    ModelFileFactory(model=model, sha256="ab" * 32, area_mm2=5.0)
    Model3DFactory()
    as_bob.post(
        "/account/preferences/",
        {"theme": "dark", "units": "mm", "page_size": "48", "sensitive_models": "blur", "slicer": "cura"},
    )

    shown = as_bob.get(f"{model.get_absolute_url()}?file={model.files.get().pk}").content.decode()

    assert "Open in Cura" in shown
    assert "Open in OrcaSlicer" in shown


def test_every_slicer_of_the_preferences_has_a_link() -> None:
    assert {name: slicer.label for name, slicer in SLICERS.items()} == dict(User.Slicer.choices[1:])
