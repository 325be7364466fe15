"""The pages of duplicates: what is shown to whom, what their buttons do, and the way back from each."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from libraries.models import Library
from models3d.models import Model3D, ModelFile
from models3d.shape_models import NotDuplicate
from tests.factories import LibraryFactory, Model3DFactory
from tests.integration.models3d.shaped import model_with, shaped_file
from tests.unit.models3d.varied import varied_solid

pytestmark = pytest.mark.django_db

PAGE = "/duplicates/"
KEEP = "/duplicates/keep/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def pair(shared_library: Library) -> list[ModelFile]:
    """Two copies of a dragon in the library that bob and erin may see."""
    return [model_with(varied_solid(1), shared_library, name).files.get() for name in ("dragon", "wyrm")]


def page(client: Client, query: str = "") -> str:
    response = client.get(PAGE + query)
    assert response.status_code == 200
    return response.content.decode()


def keeping(kept: ModelFile, files: list[ModelFile]) -> dict[str, object]:
    return {"keep": kept.pk, "file": [file.pk for file in files]}


def test_copies_stand_side_by_side_with_what_differs(as_bob: Client, pair: list[ModelFile]) -> None:
    shown = page(as_bob)

    assert "dragon.stl" in shown
    assert "wyrm.stl" in shown
    assert f"{pair[0].size_bytes:,}" in shown
    assert "Keep this one" not in shown


def test_kinds_have_a_list_each(as_erin: Client, shared_library: Library) -> None:
    model_with(varied_solid(1), shared_library, "dragon")
    model_with(varied_solid(1) * 2, shared_library, "large dragon")
    model_with(varied_solid(1) * (-1, 1, 1), shared_library, "left dragon")

    shown = page(as_erin, "?kind=same_shape")

    assert "Same shape, other size × 2" in shown
    assert "Mirror image" in shown
    assert "No duplicates of this kind" in page(as_erin)
    assert "No duplicates of this kind" in page(as_erin, "?kind=looks_alike")


def test_nothing_is_told_about_copies_in_libraries_one_may_not_see(
    as_charlie: Client, as_erin: Client, pair: list[ModelFile]
) -> None:
    model_with(varied_solid(1), LibraryFactory(), "open dragon")

    assert "dragon" not in page(as_charlie)
    assert "3 files" in page(as_erin)


def test_keeping_one_puts_the_other_aside_and_undo_brings_it_back(
    as_erin: Client, pair: list[ModelFile]
) -> None:
    answer = as_erin.post(KEEP, keeping(pair[1], pair), headers=HTMX).content.decode()

    assert "wyrm.stl is kept; 1 file is put aside." in answer
    assert "dragon.stl" not in page(as_erin)
    assert "dragon.stl" in as_erin.get("/duplicates/put-aside/").content.decode()
    own = as_erin.get(f"/models/{pair[0].model_id}/", follow=True).content.decode()
    assert "Every file of this model is put aside" in own

    again = as_erin.post("/duplicates/undo/", {"what": "aside", "file": pair[0].pk}, headers=HTMX)
    assert "1 file is back." in again.content.decode()
    assert "dragon.stl" in page(as_erin)


def test_without_script_one_comes_back_to_the_page(as_erin: Client, pair: list[ModelFile]) -> None:
    form = keeping(pair[0], pair) | {"kind": "same_file", "library": pair[0].library_id}

    response = as_erin.post(KEEP, form, follow=True)

    assert response.redirect_chain[0][0] == f"{PAGE}?kind=same_file&library={pair[0].library_id}"
    assert "dragon.stl is kept" in response.content.decode()


def test_what_is_told_apart_stays_apart_until_it_is_taken_back(
    as_erin: Client, pair: list[ModelFile]
) -> None:
    form = {"file": [file.pk for file in pair]}

    as_erin.post("/duplicates/tell-apart/", form, headers=HTMX)

    assert "dragon" not in page(as_erin)
    assert NotDuplicate.objects.filter(said_by__username="erin").exists()
    as_erin.post("/duplicates/undo/", form | {"what": "apart"}, headers=HTMX)
    assert "dragon" in page(as_erin)


def test_shared_parts_are_shown_without_a_button_and_refused(
    as_erin: Client, shared_library: Library
) -> None:
    kits = [Model3DFactory(library=shared_library, name=f"Kit {number}") for number in range(2)]
    screws = [shaped_file(kit, varied_solid(1), "screw.stl") for kit in kits]
    for number, kit in enumerate(kits):
        shaped_file(kit, varied_solid(2 + number), "body.stl")

    shown = page(as_erin)

    assert "Part used by 2 models" in shown
    assert "Keep this one" not in shown
    refused = as_erin.post(KEEP, keeping(screws[0], screws), headers=HTMX).content.decode()
    assert "several models need" in refused
    assert (
        "several models need" in as_erin.post(KEEP, keeping(screws[0], screws), follow=True).content.decode()
    )


def test_viewers_are_refused_and_strangers_find_nothing(
    as_bob: Client, as_charlie: Client, pair: list[ModelFile]
) -> None:
    for address in (KEEP, "/duplicates/tell-apart/", "/duplicates/undo/"):
        assert as_bob.post(address, keeping(pair[0], pair)).status_code == 403
        assert as_charlie.post(address, keeping(pair[0], pair)).status_code == 404
    assert as_bob.get("/duplicates/keep-in-library/").status_code == 403
    assert not ModelFile.objects.filter(put_aside_at__isnull=False).exists()


@pytest.mark.parametrize(
    "form", [{}, {"file": "x"}, {"file": "99999999999999999999"}, {"keep": "1", "file": "0"}]
)
def test_files_that_are_not_there_answer_404(as_erin: Client, form: dict[str, str]) -> None:
    assert as_erin.post(KEEP, form).status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "?kind=x",
        "?library=x",
        "?library=999999",
        "?after=%00",
        "?after=WyJhIiwxXQ",
        "?kind=looks_alike&after=x",
    ],
)
def test_odd_addresses_show_the_first_page(as_erin: Client, pair: list[ModelFile], query: str) -> None:
    page(as_erin, query)
    assert as_erin.get("/duplicates/put-aside/" + query).status_code == 200


def test_what_keeping_the_copies_of_a_library_would_do_is_shown_first(
    as_erin: Client, pair: list[ModelFile]
) -> None:
    extra = model_with(varied_solid(1), LibraryFactory(name="Downloads"), "third").files.get()
    alone = Model3DFactory(library=extra.library, name="alone")
    copies = [shaped_file(alone, varied_solid(2), f"{number}.stl") for number in range(2)]
    address = "/duplicates/keep-in-library/"

    shown = as_erin.get(f"{address}?keep_in={pair[0].library_id}").content.decode()

    assert f'value="{pair[0].pk},{extra.pk}"' in shown
    assert "No copy lies in Minis." in shown
    assert "Put 1 file aside" in shown
    form = {"keep_in": pair[0].library_id, "group": f"{pair[0].pk},{extra.pk}"}
    assert "1 file is put aside" in as_erin.post(address, form, follow=True).content.decode()
    left = ModelFile.objects.filter(put_aside_at__isnull=True).values_list("pk", flat=True)
    assert set(left) == {file.pk for file in [*pair, *copies]}


def test_groups_that_changed_since_the_preview_are_refused_or_left(
    as_erin: Client, as_charlie: Client, pair: list[ModelFile]
) -> None:
    other = model_with(varied_solid(2), pair[0].library, "hook").files.get()
    form = {"keep_in": pair[0].library_id, "group": [f"{pair[0].pk},{other.pk}", "", "x,y", "999999,1"]}

    shown = as_erin.post("/duplicates/keep-in-library/", form, follow=True).content.decode()

    assert "neither a copy of" in shown
    assert not ModelFile.objects.filter(put_aside_at__isnull=False).exists()
    assert as_charlie.post("/duplicates/keep-in-library/", form).status_code == 403
    lost = as_erin.get("/duplicates/keep-in-library/?keep_in=9999999", follow=True).content.decode()
    assert "Choose the library" in lost


def test_put_aside_files_are_brought_back_from_their_list(as_erin: Client, pair: list[ModelFile]) -> None:
    as_erin.post(KEEP, keeping(pair[0], pair))
    form = {"what": "aside", "from": "aside", "file": pair[1].pk}

    response = as_erin.post("/duplicates/undo/", form, follow=True)

    assert response.redirect_chain[0][0] == reverse("models3d:put_aside")
    assert "Nothing is put aside" in response.content.decode()


def test_lists_of_what_was_put_aside_go_on_and_hide_what_one_may_not_see(
    as_erin: Client, as_charlie: Client, pair: list[ModelFile], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models3d.reviewing._ASIDE_PER_PAGE", 1)
    third = model_with(varied_solid(1), pair[0].library, "third").files.get()
    as_erin.post(KEEP, keeping(pair[0], [*pair, third]))

    first = as_erin.get("/duplicates/put-aside/")
    cursor = first.context["page"].next
    second = as_erin.get(f"/duplicates/put-aside/?after={cursor}")

    assert ["third.stl" in shown.content.decode() for shown in (first, second)] == [True, False]
    assert "wyrm.stl" in second.content.decode()
    assert second.context["page"].next == ""
    assert "Nothing is put aside" in as_charlie.get("/duplicates/put-aside/").content.decode()


def test_queries_do_not_grow_with_groups(
    as_erin: Client, shared_library: Library, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(4):
        for name in "ab":
            model_with(varied_solid(number), shared_library, f"{name}{number}")

    with django_assert_max_num_queries(14):
        shown = page(as_erin)

    assert shown.count("<article") == 4
    assert Model3D.objects.count() == 8
