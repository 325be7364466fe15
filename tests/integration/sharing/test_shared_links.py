"""Links for guests: what they open, what they do not, and every way in which one opens nothing."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from collections_app.models import Collection
from config.accounts.models import User
from config.sharing.models import ShareLink
from libraries.models import Library
from models3d.models import Model3D, ModelFile, Preview
from models3d.previews import SMALL, preview_path
from tests.factories import LibraryFactory, Model3DFactory, ModelFileFactory

SHARED, OTHER = "5a" * 32, "0b" * 32


@pytest.fixture
def dragon(shared_library: Library, tmp_path: Path, settings: Any) -> Model3D:
    """A model with one file that is there and pictured, in a library that strangers do not see."""
    settings.PREVIEWS_DIR = tmp_path / "previews"
    Library.objects.filter(pk=shared_library.pk).update(path=str(tmp_path))
    (tmp_path / "Dragon").mkdir()
    (tmp_path / "Dragon/dragon.stl").write_bytes(b"solid dragon")
    model = Model3DFactory(library=shared_library, name="Dragon", notes="**Slowly**", file_count=1)
    ModelFileFactory(model=model, relative_path="Dragon/dragon.stl", sha256=SHARED)
    for sha256 in (SHARED, OTHER):
        Preview.objects.create(sha256=sha256, form="picture", version=1, size_bytes=1)
        picture = preview_path(sha256, SMALL)
        picture.parent.mkdir(parents=True, exist_ok=True)
        picture.write_bytes(b"RIFF")
    return model


def shared(thing: Model3D | Collection, by: User, *, password: str = "", **given: Any) -> str:
    """The address of a new link."""
    field = "model" if isinstance(thing, Model3D) else "collection"
    link = ShareLink(**{field: thing}, created_by=by, **given)
    link.set_password(password)
    link.save()
    return link.get_absolute_url()


def status(address: str, client: Client | None = None) -> int:
    return (client or Client()).get(address).status_code


def test_an_editor_shares_a_model_and_a_guest_sees_it(as_erin: Client, dragon: Model3D) -> None:
    made = as_erin.post(f"/shared-links/new/?model={dragon.pk}", {"may_download": "view", "days": "7"})
    address = ShareLink.objects.get().get_absolute_url()

    listed = as_erin.get("/shared-links/").content.decode()
    page = Client().get(address).content.decode()

    assert made["Location"] == "/shared-links/"
    assert f"http://testserver{address}" in listed
    assert "Dragon" in page and "<strong>Slowly</strong>" in page
    assert f'src="{address}previews/{SHARED}/' in page
    assert "Minis" not in page and "/activity/" not in page
    assert ShareLink.objects.get().last_opened_at is not None


def test_a_guest_gets_pictures_of_what_is_shared_and_of_nothing_else(erin: User, dragon: Model3D) -> None:
    address = shared(dragon, erin)
    ModelFileFactory(model=Model3DFactory(), sha256=OTHER)

    assert status(f"{address}previews/{SHARED}/{SMALL}") == 200
    assert status(f"{address}previews/{OTHER}/{SMALL}") == 404
    assert status(f"{address}previews/{SHARED}/../x") == 404
    assert status(f"/previews/{SHARED}/{SMALL}") == 302


def test_files_are_downloaded_only_where_the_link_allows_it(erin: User, dragon: Model3D) -> None:
    file, foreign = ModelFile.objects.get(), ModelFileFactory()
    closed, open_ = shared(dragon, erin), shared(dragon, erin, may_download=True)

    sent = Client().get(f"{open_}files/{file.pk}/")
    zipped = Client().get(f"{open_}models/{dragon.pk}/download/")

    assert b"".join(sent.streaming_content) == b"solid dragon"  # type: ignore[attr-defined]  # a streamed answer
    assert b"dragon.stl" in b"".join(zipped.streaming_content)  # type: ignore[attr-defined]  # a streamed answer
    assert status(f"{closed}files/{file.pk}/") == status(f"{closed}models/{dragon.pk}/download/") == 404
    assert status(f"{open_}files/{foreign.pk}/") == status(f"{open_}files/{'9' * 30}/") == 404
    assert "Download" not in Client().get(closed).content.decode()


def test_a_collection_is_shared_with_all_below_it(alice: User, dragon: Model3D) -> None:
    shelf = Collection.objects.create(name="Fantasy")
    inner = Collection.objects.create(name="Dragons", parent=shelf)
    beside = Model3DFactory(name="Beside")
    dragon.collections.add(inner)
    beside.collections.add(Collection.objects.create(name="Trains"))
    address = shared(shelf, alice)

    page = Client().get(address).content.decode()

    assert "Fantasy" in page and "Dragon" in page and "Beside" not in page
    assert status(f"{address}models/{dragon.pk}/") == 200
    assert status(f"{address}models/{beside.pk}/") == 404
    assert status(f"{address}?after=nonsense") == 200


def test_editors_share_a_collection_from_its_page(as_erin: Client, as_bob: Client, dragon: Model3D) -> None:
    shelf, empty = (Collection.objects.create(name=name) for name in ("Fantasy", "Nothing yet"))
    dragon.collections.add(shelf)
    address = f"/shared-links/new/?collection={shelf.pk}"

    assert f'href="{address}"' in as_erin.get(f"/?collection={shelf.pk}").content.decode()
    assert status(address, as_erin) == 200
    assert "/shared-links/new/" not in as_bob.get(f"/?collection={shelf.pk}").content.decode()
    assert "/shared-links/new/" not in as_erin.get(f"/?collection={empty.pk}").content.decode()


def test_guests_see_no_more_than_who_made_the_link(erin: User, dragon: Model3D) -> None:
    shelf = Collection.objects.create(name="Fantasy")
    hidden = Model3DFactory(name="Hidden", library=LibraryFactory(is_restricted=True))
    for model in (dragon, hidden):
        model.collections.add(shelf)
    address, of_model = shared(shelf, erin), shared(dragon, erin)

    before = Client().get(address).content.decode()
    dragon.library.members.remove(erin)

    assert "Dragon" in before and "Hidden" not in before
    assert "Dragon" not in Client().get(address).content.decode()
    assert status(of_model) == 404


@pytest.mark.parametrize(
    "change", [{"expires_at": timezone.now()}, {"created_by__is_active": False}, {"revoked": True}]
)
def test_a_link_that_is_over_opens_nothing(erin: User, dragon: Model3D, change: dict[str, Any]) -> None:
    address = shared(dragon, erin)
    if "expires_at" in change:
        ShareLink.objects.update(**change)
    elif "revoked" in change:
        ShareLink.objects.all().delete()
    else:
        User.objects.filter(pk=erin.pk).update(is_active=False)

    for below in ("", f"previews/{SHARED}/{SMALL}", f"models/{dragon.pk}/"):
        assert status(address + below) == 404


@pytest.mark.parametrize("key", ["1", "1-", "-", "x-y", "1-" + "0" * 32, "9" * 30 + "-a", "%00", "1-é"])
def test_a_forged_address_opens_nothing(erin: User, dragon: Model3D, key: str) -> None:
    shared(dragon, erin)

    response = Client().get(f"/shared/{key}/")

    assert response.status_code == 404
    assert "Dragon" not in response.content.decode()


def test_a_password_is_asked_for_once_a_session(erin: User, dragon: Model3D) -> None:
    address, guest = shared(dragon, erin, password="open sesame"), Client()

    asked = guest.get(address).content.decode()
    below = guest.get(f"{address}previews/{SHARED}/{SMALL}")
    wrong = guest.post(address, {"password": "open barley"}).content.decode()
    right = guest.post(address, {"password": "open sesame"})

    assert "asks for a password" in asked and "Dragon" not in asked
    assert below["Location"] == address
    assert "not the password" in wrong
    assert right["Location"] == address
    assert "Dragon" in guest.get(address).content.decode()
    assert status(f"{address}previews/{SHARED}/{SMALL}", guest) == 200
    assert "Dragon" not in Client().get(address).content.decode()


def test_guessing_a_password_is_slowed_down(erin: User, dragon: Model3D) -> None:
    address, guest = shared(dragon, erin, password="open sesame"), Client()
    for _ in range(6):
        guest.post(address, {"password": "x"})

    response = guest.post(address, {"password": "open sesame"})

    assert response.status_code == 429
    assert "Wait 5 seconds" in response.content.decode()


def test_the_password_of_one_link_opens_no_other(erin: User, dragon: Model3D) -> None:
    first, second = (shared(dragon, erin, password=password) for password in ("one", "two"))
    guest = Client()

    guest.post(first, {"password": "one"})

    assert "asks for a password" in guest.get(second).content.decode()


def test_links_are_closed_by_who_made_them_and_by_owners(
    as_erin: Client, as_alice: Client, alice: User, erin: User, dragon: Model3D
) -> None:
    alices, erins = shared(dragon, alice), shared(dragon, erin)
    numbers = {address: int(address.split("/")[2].split("-")[0]) for address in (alices, erins)}

    refused = as_erin.post(f"/shared-links/{numbers[alices]}/revoke/").status_code
    listed = as_erin.get("/shared-links/").content.decode()
    as_alice.post(f"/shared-links/{numbers[erins]}/revoke/")

    assert refused == 404
    assert alices not in listed and erins in listed
    assert (status(alices), status(erins)) == (200, 404)


def test_who_only_looks_or_sees_nothing_shares_nothing(
    as_bob: Client, as_charlie: Client, dragon: Model3D
) -> None:
    address = f"/shared-links/new/?model={dragon.pk}"

    assert as_bob.get(address).status_code == as_bob.post(address, {}).status_code == 403
    assert as_charlie.get(address).status_code == 404
    assert as_bob.get("/shared-links/").status_code == 403
    assert "/shared-links/" not in as_bob.get(dragon.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    "query", ["", "?model=x", "?model=0", "?collection=0", "?collection=" + "9" * 18, "?model=%00"]
)
def test_nothing_is_not_shared(as_alice: Client, query: str) -> None:
    assert as_alice.get(f"/shared-links/new/{query}").status_code == 404


@pytest.mark.parametrize("wrong", [{"days": "5"}, {"may_download": "x"}, {"password": "x" * 129}])
def test_a_wrong_entry_is_told(as_alice: Client, dragon: Model3D, wrong: dict[str, str]) -> None:
    entry = {"may_download": "view", "days": "7"} | wrong

    response = as_alice.post(f"/shared-links/new/?model={dragon.pk}", entry)

    assert b"errorlist" in response.content
    assert not ShareLink.objects.exists()


def test_an_expiry_is_as_long_as_was_chosen(as_alice: Client, dragon: Model3D) -> None:
    for days in ("1", "0"):
        as_alice.post(f"/shared-links/new/?model={dragon.pk}", {"may_download": "download", "days": days})

    endless, a_day = ShareLink.objects.all()
    assert endless.expires_at is None and a_day.expires_at is not None
    assert timedelta(hours=23) < a_day.expires_at - timezone.now() < timedelta(hours=25)
