"""Scanning the folders of models that were chosen in the grid."""

from django.test import Client

from libraries.models import Library
from scanning.models import Scan
from tests.factories import LibraryFactory, Model3DFactory


def test_each_library_is_scanned_where_its_chosen_models_lie(as_alice: Client, db: None) -> None:
    minis, parts = LibraryFactory(), LibraryFactory()
    chosen = [
        Model3DFactory(library=minis, relative_path="Orcs/Big/Axe"),
        Model3DFactory(library=minis, relative_path="Orcs/Small"),
        Model3DFactory(library=parts, relative_path="Tools/Hook"),
    ]

    answer = as_alice.post("/activity/scan/chosen/", {"id": [model.pk for model in chosen]}, follow=True)

    assert "being scanned" in answer.content.decode()
    assert dict(Scan.objects.values_list("library", "folder")) == {minis.pk: "Orcs", parts.pk: "Tools"}


def test_nothing_chosen_is_told(as_alice: Client) -> None:
    assert "No model was chosen" in as_alice.post("/activity/scan/chosen/", follow=True).content.decode()


def test_strangers_scan_nothing_of_hidden_libraries(as_charlie: Client, shared_library: Library) -> None:
    model = Model3DFactory(library=shared_library)

    as_charlie.post("/activity/scan/chosen/", {"id": model.pk})

    assert not Scan.objects.exists()
