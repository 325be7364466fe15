"""Collections: made, shown with all inside them, moved, described and deleted; and who may."""

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from collections_app.models import Collection
from collections_app.services import collection_version
from config.accounts.models import User
from libraries.models import Library
from models3d.models import Model3D
from tests.factories import CollectionFactory, LibraryFactory, Model3DFactory


@pytest.fixture
def library(db: None) -> Library:
    return LibraryFactory(scanned_at=timezone.now())


@pytest.fixture
def dragons(library: Library) -> Collection:
    """Miniatures holding Dragons, with a model in each."""
    miniatures = CollectionFactory(name="Miniatures")
    dragons = CollectionFactory(name="Dragons", parent=miniatures)
    Model3DFactory(library=library, name="Knight", cover_sha256="a" * 64).collections.add(miniatures)
    Model3DFactory(library=library, name="Wyvern", cover_sha256="b" * 64).collections.add(dragons)
    return dragons


def fields(collection: Collection, **changes: str) -> dict[str, str]:
    """What the form of a collection sends, with some of it typed anew."""
    return {
        "name": collection.name,
        "inside": "",
        "description": collection.description,
        "cover": collection.cover_sha256,
        "version": collection_version(collection),
        **changes,
    }


def test_a_card_counts_models_of_the_collection_and_all_inside(as_alice: Client, dragons: Collection) -> None:
    page = as_alice.get("/collections/").content.decode()

    assert "Miniatures" in page and "2 models" in page and "1 inside" in page
    assert "Dragons" not in page
    assert f"/previews/{'b' * 64}/" in page


def test_the_grid_of_a_collection_says_where_it_stands_and_what_it_is(
    as_alice: Client, dragons: Collection
) -> None:
    Collection.objects.filter(pk=dragons.pk).update(description="*Fire* <script>")

    page = as_alice.get(f"/?collection={dragons.pk}").content.decode()

    assert "<em>Fire</em>" in page and "<script>alert" not in page
    assert f'href="/?collection={dragons.parent_id}">Miniatures</a>' in page
    assert f'href="/collections/{dragons.pk}/"' in page


def test_a_collection_is_made_inside_another(as_alice: Client, dragons: Collection) -> None:
    form = as_alice.get(f"/collections/new/?inside={dragons.pk}").content.decode()
    as_alice.post("/collections/new/", {"name": " Red  ones ", "inside": "Miniatures / Dragons"})

    made = Collection.objects.get(name="Red ones")
    assert 'value="Miniatures / Dragons"' in form
    assert made.parent_id == dragons.pk


def test_a_collection_is_renamed_moved_described_and_pictured(as_alice: Client, dragons: Collection) -> None:
    form = as_alice.get(f"/collections/{dragons.pk}/").content.decode()
    changes = {"name": "Drakes", "inside": "Beasts", "description": "All of them", "cover": "b" * 64}
    as_alice.post(f"/collections/{dragons.pk}/", fields(dragons, **changes))

    dragons.refresh_from_db()
    assert f'value="{"b" * 64}"' in form
    assert (dragons.name, dragons.description, dragons.cover_sha256) == ("Drakes", "All of them", "b" * 64)
    assert dragons.parent is not None and dragons.parent.name == "Beasts"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"inside": "Miniatures / Dragons"}, "is inside this collection"),
        ({"inside": "Miniatures / Dragons / New"}, "is inside this collection"),
        ({"name": "Beasts"}, "There is a collection called “Beasts” in this place already."),
        ({"name": "a / b"}, "A name cannot hold"),
        ({"name": " "}, "This field is required."),
        ({"inside": " / ".join("x" * 21)}, "At most 20 names"),
        ({"version": "0" * 16}, "Somebody else changed this collection"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_changes(
    as_alice: Client, dragons: Collection, changes: dict[str, str], sentence: str
) -> None:
    CollectionFactory(name="Beasts")
    miniatures = Collection.objects.get(name="Miniatures")

    page = as_alice.post(f"/collections/{miniatures.pk}/", fields(miniatures, **changes))

    assert sentence in page.content.decode()
    assert set(Collection.objects.values_list("name", "parent__name")) == {
        ("Beasts", None), ("Miniatures", None), ("Dragons", "Miniatures"),
    }  # fmt: skip


def test_deleting_takes_what_is_inside_and_leaves_models(as_alice: Client, dragons: Collection) -> None:
    asked = as_alice.get(f"/collections/{dragons.parent_id}/delete/").content.decode()
    as_alice.post(f"/collections/{dragons.parent_id}/delete/")

    assert "inside it is deleted as well" in asked
    assert not Collection.objects.exists()
    assert Model3D.objects.count() == 2


def test_the_page_asks_no_more_for_many_collections_than_for_one(as_alice: Client, library: Library) -> None:
    def add(number: int) -> None:
        for n in range(number):
            shelf = CollectionFactory(name=f"Shelf {number} {n}")
            Model3DFactory(library=library, cover_sha256=f"{n}" * 64).collections.add(shelf)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            as_alice.get("/collections/")
        return len(captured)

    add(1)
    few = queries()
    add(9)

    assert queries() == few


def test_more_collections_than_a_page_go_on_by_name(as_alice: Client, library: Library) -> None:
    for n in range(61):
        CollectionFactory(name=f"Shelf {n:02}")

    first = as_alice.get("/collections/").content.decode()
    second = as_alice.get("/collections/?after=Shelf%2059").content.decode()

    assert "Shelf 59" in first and "Shelf 60" not in first and "?after=Shelf%2059" in first
    assert "Shelf 60" in second and "Shelf 59" not in second


def test_strangers_learn_nothing_of_collections_of_hidden_models(
    as_bob: Client, as_charlie: Client, charlie: User, shared_library: Library
) -> None:
    secret = CollectionFactory(name="Secret plans")
    mixed = CollectionFactory(name="Mixed")
    Model3DFactory(library=shared_library).collections.add(secret, mixed)
    Model3DFactory(library=LibraryFactory()).collections.add(mixed)
    charlie.user_permissions.add(Permission.objects.get(codename="change_model3d"))

    page = as_charlie.get("/collections/").content.decode()

    assert "Secret plans" in as_bob.get("/collections/").content.decode()
    assert "Mixed" in page and "1 model<" in page and "Secret plans" not in page
    assert as_charlie.get(f"/collections/{secret.pk}/").status_code == 404
    assert as_charlie.post(f"/collections/{secret.pk}/delete/").status_code == 404
    assert as_charlie.post(f"/collections/{mixed.pk}/delete/").status_code == 403
    assert "Secret plans" not in as_charlie.get(f"/collections/new/?inside={secret.pk}").content.decode()


def test_viewers_look_and_change_nothing(as_bob: Client, dragons: Collection) -> None:
    assert "New collection" not in as_bob.get("/collections/").content.decode()
    assert as_bob.get("/collections/new/").status_code == 403
    assert as_bob.post(f"/collections/{dragons.pk}/", fields(dragons)).status_code == 403
