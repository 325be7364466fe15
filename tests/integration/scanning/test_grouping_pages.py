"""The pages by which people say what belongs to a model."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from config.accounts.models import User
from libraries.models import Library
from models3d.models import Model3D
from scanning.models import FolderGrouping, ModelDecision, Scan
from tests.factories import Model3DFactory, ModelFileFactory


@pytest.fixture
def orc(shared_library: Library) -> Model3D:
    """A model of two files in a folder of the library that alice and bob may see."""
    model: Model3D = Model3DFactory(
        library=shared_library, name="Orc", relative_path="Minis/Orc", file_count=2
    )
    for name in ("head.stl", "body.stl"):
        ModelFileFactory(model=model, relative_path=f"Minis/Orc/{name}")
    return model


@pytest.fixture
def elf(shared_library: Library) -> Model3D:
    model: Model3D = Model3DFactory(library=shared_library, name="Elf", relative_path="Minis/Elf <b>")
    ModelFileFactory(model=model, relative_path="Minis/Elf <b>/elf.stl")
    return model


@pytest.mark.parametrize("page", ["merge", "split", "folder", "undo"])
def test_only_who_may_edit_may_decide(
    orc: Model3D, as_alice: Client, as_bob: Client, as_charlie: Client, page: str
) -> None:
    address = f"/activity/models/{orc.pk}/{page}/"

    answers = [client.post(address).status_code for client in (as_alice, as_bob, as_charlie)]

    assert answers[0] in {200, 302}
    assert answers[1:] == [403, 404]


def test_who_may_look_sees_what_belongs_together_but_no_buttons(
    orc: Model3D, as_alice: Client, as_bob: Client, as_charlie: Client
) -> None:
    Model3DFactory(library=orc.library, name="Axe", relative_path="Minis/Orc/Axe")
    FolderGrouping.objects.create(library=orc.library, folder="Minis", how="container")
    address = f"/activity/models/{orc.pk}/grouping/"

    pages = [client.get(address).content.decode() for client in (as_alice, as_bob)]
    fragment = as_alice.get(address, headers={"HX-Request": "true"}).content.decode()

    assert as_charlie.get(address).status_code == 404
    assert all("Axe" in page and "Separate models" in page for page in pages)
    assert ["Split…" in page and "Undo" in page for page in pages] == [True, False]
    assert "<html" not in fragment


def test_an_editor_may_decide(orc: Model3D, bob: User, as_bob: Client) -> None:
    bob.user_permissions.add(Permission.objects.get(codename="change_model3d"))

    response = as_bob.post(f"/activity/models/{orc.pk}/folder/", {"folder": "Minis", "how": "one_model"})

    assert response["Location"] == orc.get_absolute_url()
    rule = FolderGrouping.objects.get()
    assert (rule.folder, rule.how, rule.decided_by) == ("Minis", "one_model", bob)
    assert Scan.objects.get().folder == "Minis"


@pytest.mark.parametrize(
    ("folder", "how"),
    [("Elsewhere", "one_model"), ("", "one_model"), ("Minis", "magic"), ("Minis", ""), ("\x00", "")],
)
def test_a_folder_that_the_model_is_not_in_is_refused(
    orc: Model3D, as_alice: Client, folder: str, how: str
) -> None:
    response = as_alice.post(
        f"/activity/models/{orc.pk}/folder/", {"folder": folder, "how": how}, follow=True
    )

    assert "does not lie in this folder" in response.content.decode()
    assert not FolderGrouping.objects.exists()


def test_the_other_model_is_found_by_name_and_merged(orc: Model3D, elf: Model3D, as_alice: Client) -> None:
    address = f"/activity/models/{orc.pk}/merge/"

    beside = as_alice.get(address).content.decode()
    found = as_alice.get(address, {"words": "LF"}, headers={"HX-Request": "true"}).content.decode()
    nothing = as_alice.get(address, {"words": "dragon\x00"}).content.decode()
    merged = as_alice.post(address, {"other": elf.pk}, follow=True).content.decode()

    assert "Minis/Elf &lt;b&gt;" in beside and "Elf" in found and "<html" not in found
    assert "No other model of Minis is called that" in nothing
    assert "Elf is part of Orc now." in merged
    assert as_alice.get(elf.get_absolute_url())["Location"] == orc.get_absolute_url()
    assert orc.files.count() == 3


@pytest.mark.parametrize("other", ["", "x", "-1", "9" * 30])
def test_without_another_model_nothing_is_merged(orc: Model3D, as_alice: Client, other: str) -> None:
    page = as_alice.post(f"/activity/models/{orc.pk}/merge/", {"other": other}, follow=True).content.decode()

    assert "Choose the model that is to become part" in page


def test_a_model_that_is_not_there_cannot_be_merged(orc: Model3D, as_alice: Client) -> None:
    assert as_alice.post(f"/activity/models/{orc.pk}/merge/", {"other": 2**40}).status_code == 404


def test_models_of_others_and_of_other_libraries_cannot_be_merged(
    orc: Model3D, bob: User, as_bob: Client, as_alice: Client
) -> None:
    bob.user_permissions.add(Permission.objects.get(codename="change_model3d"))
    elsewhere = Model3DFactory(library__is_restricted=True)
    address = f"/activity/models/{orc.pk}/merge/"

    assert as_bob.post(address, {"other": elsewhere.pk}).status_code == 404
    refused = as_alice.post(address, {"other": elsewhere.pk}, follow=True).content.decode()
    assert "different libraries" in refused
    assert Model3D.objects.filter(pk=elsewhere.pk).exists()


def test_ticked_files_become_a_model_of_their_own(orc: Model3D, as_alice: Client) -> None:
    address = f"/activity/models/{orc.pk}/split/"
    body = orc.files.get(relative_path__endswith="body.stl")

    page = as_alice.get(address).content.decode()
    made = as_alice.post(address, {"name": "Orc body", "chosen": [body.pk]}, follow=True).content.decode()

    assert "body.stl" in page
    assert "Orc body is a model of its own now." in made
    body.refresh_from_db()
    assert body.model is not None
    assert (body.model.name, body.model.relative_path) == ("Orc body", "Minis/Orc/body.stl")


@pytest.mark.parametrize(
    ("name", "chosen", "sentence"),
    [
        ("", "one", "This field is required"),
        ("x", "none", "Tick the files"),
        ("x", "all", "These are all files of the model"),
        ("x", "foreign", "is not in the model any more"),
        ("x" * 501, "one", "at most 500 characters"),
    ],
)
def test_what_cannot_be_split_is_said(
    orc: Model3D, elf: Model3D, as_alice: Client, name: str, chosen: str, sentence: str
) -> None:
    ids = [file.pk for file in orc.files.order_by("pk")]
    files = {"one": ids[:1], "none": [], "all": ids, "foreign": [file.pk for file in elf.files.all()]}[chosen]

    page = as_alice.post(
        f"/activity/models/{orc.pk}/split/", {"name": name, "chosen": files}
    ).content.decode()

    assert sentence in page
    assert Model3D.objects.count() == 2


def test_what_was_decided_can_be_undone_once(orc: Model3D, as_alice: Client) -> None:
    rule = FolderGrouping.objects.create(library=orc.library, folder="Minis", how="one_model")
    decision = ModelDecision.objects.create(library=orc.library, kind="merged", path="a", target="Minis/Orc")
    address = f"/activity/models/{orc.pk}/undo/"

    for entry in ({"folder": rule.pk}, {"decision": decision.pk}):
        assert "Undone." in as_alice.post(address, entry, follow=True).content.decode()
        assert "undone already" in as_alice.post(address, entry, follow=True).content.decode()

    assert not FolderGrouping.objects.exists() and not ModelDecision.objects.exists()
