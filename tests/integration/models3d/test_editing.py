"""Editing a model: what is written, what follows from it, with and without script, and two people at once."""

import json
import re
from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.utils import timezone

from collections_app.models import Creator, Tag
from config.accounts.models import User
from libraries.models import Library
from models3d.models import Model3D
from models3d.services import NotesChangedMeanwhile, edit_model, set_creator, set_tags
from tests.factories import CollectionFactory, CreatorFactory, Model3DFactory, TagFactory

HTMX = {"HX-Request": "true"}


def edit_url(model: Model3D, part: str) -> str:
    return f"/models/{model.pk}/edit/{part}/"


def counts() -> dict[str, int]:
    return dict(Tag.objects.values_list("name", "model_count"))


def tags_of(model: Model3D) -> set[str]:
    return set(model.tags.values_list("name", flat=True))


def test_every_part_is_saved_without_script(as_alice: Client) -> None:
    model = Model3DFactory(name="Old")
    for part, value in {
        "name": "New",
        "creator": "Ada",
        "license": "MIT",
        "tags": "toy, Print  in place,, TOY",
        "notes": "**keep**",
    }.items():
        response = as_alice.post(edit_url(model, part), {part: value, "before": ""})
        model.refresh_from_db()
        assert (response.status_code, response["Location"]) == (302, model.get_absolute_url())

    assert (model.name, model.license, model.notes) == ("New", "MIT", "**keep**")
    assert model.creator is not None and model.creator.name == "Ada"
    assert tags_of(model) == {"toy", "Print in place"}
    assert model.edited_fields == ["creator", "license", "name", "notes", "tags"]
    assert "<strong>keep</strong>" in as_alice.get(model.get_absolute_url()).content.decode()


def test_what_was_edited_is_found_by_search(as_alice: Client) -> None:
    model = Model3DFactory(name="Thing")
    set_tags(model.pk, ["articulated"])
    set_creator(model.pk, "Cinderwing")
    edit_model(model.pk, notes="without supports")

    for word in ("articulated", "cinderwing", "supports"):
        assert "Thing" in as_alice.get(f"/?q={word}").content.decode()


def test_a_form_opens_in_its_place_and_can_be_left(as_alice: Client) -> None:
    model = Model3DFactory(name="Dragon")

    form = as_alice.get(edit_url(model, "name"), headers=HTMX).content.decode()
    whole = as_alice.get(edit_url(model, "name")).content.decode()
    left = as_alice.get(edit_url(model, "name") + "?cancel", headers=HTMX).content.decode()

    assert 'value="Dragon"' in form and "<html" not in form
    assert 'value="Dragon"' in whole and "<html" in whole
    assert "<h1" in left and "<form" not in left


def test_htmx_gets_the_changed_part_and_a_message(as_alice: Client) -> None:
    model = Model3DFactory()

    response = as_alice.post(edit_url(model, "tags"), {"tags": "toy", "before": ""}, headers=HTMX)

    assert "toy" in response.content.decode() and "<html" not in response.content.decode()
    assert json.loads(response["HX-Trigger"]) == {"toast": {"text": "The tags are saved."}}


def test_a_new_name_loads_the_page_anew(as_alice: Client) -> None:
    model = Model3DFactory()

    response = as_alice.post(edit_url(model, "name"), {"name": "Dragon"}, headers=HTMX)

    assert response["HX-Redirect"] == f"/models/{model.pk}/dragon/"


@pytest.mark.parametrize(
    ("part", "value", "sentence"),
    [
        ("name", "  ", "This field is required."),
        ("name", "x" * 501, "at most 500 characters"),
        ("name", "a\x00b", "Null characters are not allowed."),
        ("tags", "x" * 101, "A tag has at most 100 characters"),
        ("tags", ",".join(str(n) for n in range(101)), "A model has at most 100 tags"),
        ("notes", "x" * 100_001, "at most 100000 characters"),
        ("creator", "x" * 201, "at most 200 characters"),
        ("license", "x" * 101, "at most 100 characters"),
    ],
)
def test_what_cannot_be_saved_is_told_beside_the_field(
    as_alice: Client, part: str, value: str, sentence: str
) -> None:
    model = Model3DFactory(name="Dragon")

    for headers in ({}, HTMX):
        response = as_alice.post(edit_url(model, part), {part: value, "before": ""}, headers=headers)
        assert response.status_code == 200
        assert sentence in response.content.decode()
    model.refresh_from_db()
    assert (model.name, model.edited_fields) == ("Dragon", [])


def test_strangers_find_nothing_and_viewers_may_not(
    as_charlie: Client, as_bob: Client, shared_library: Library
) -> None:
    model = Model3DFactory(library=shared_library, name="Dragon")

    for part in ("name", "creator", "license", "tags", "notes"):
        assert as_charlie.post(edit_url(model, part), {part: "x"}).status_code == 404
        assert as_bob.post(edit_url(model, part), {part: "x"}).status_code == 403
        assert as_charlie.get(edit_url(model, part)).status_code == 404
        assert as_bob.get(edit_url(model, part)).status_code == 403
    assert "Edit name" not in as_bob.get(model.get_absolute_url()).content.decode()
    model.refresh_from_db()
    assert model.name == "Dragon"


def test_whoever_was_made_an_editor_may(as_bob: Client, bob: User, shared_library: Library) -> None:
    bob.user_permissions.add(Permission.objects.get(codename="change_model3d"))
    model = Model3DFactory(library=shared_library)

    as_bob.post(edit_url(model, "name"), {"name": "Dragon"})

    model.refresh_from_db()
    assert model.name == "Dragon"


def test_there_is_no_other_part(as_alice: Client) -> None:
    assert as_alice.get(edit_url(Model3DFactory(), "library")).status_code == 404


def test_without_the_token_nothing_is_saved(alice: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)

    assert client.post(edit_url(Model3DFactory(), "name"), {"name": "x"}).status_code == 403


def test_tags_count_their_models(db: None) -> None:
    first, second = Model3DFactory(), Model3DFactory()

    set_tags(first.pk, ["toy", "big"])
    set_tags(second.pk, ["TOY"])
    set_tags(first.pk, ["toy"])
    set_tags(first.pk, ["toy"])

    assert counts() == {"toy": 2, "big": 0}
    assert Model3D.objects.get(pk=first.pk).tag_words == "toy"


def test_creators_count_their_models(db: None) -> None:
    model = Model3DFactory()

    set_creator(model.pk, "Ada")
    set_creator(model.pk, " ada ")
    assert dict(Creator.objects.values_list("name", "model_count")) == {"Ada": 1}
    set_creator(model.pk, "Grace")
    assert dict(Creator.objects.values_list("name", "model_count")) == {"Ada": 0, "Grace": 1}
    set_creator(model.pk, "")

    model.refresh_from_db()
    assert dict(Creator.objects.values_list("name", "model_count")) == {"Ada": 0, "Grace": 0}
    assert (model.creator, model.creator_words) == (None, "")


def test_missing_models_are_not_counted(db: None) -> None:
    model = Model3DFactory(missing_since=timezone.now())

    set_tags(model.pk, ["toy"])
    set_creator(model.pk, "Ada")

    assert counts() == {"toy": 0}
    assert Creator.objects.get().model_count == 0


def test_a_tag_that_somebody_else_added_meanwhile_stays(as_alice: Client) -> None:
    model = Model3DFactory()
    set_tags(model.pk, ["toy", "old"])
    set_tags(model.pk, ["toy", "old", "theirs"])

    as_alice.post(edit_url(model, "tags"), {"tags": "toy, mine", "before": "toy, old"})

    assert tags_of(model) == {"toy", "mine", "theirs"}


def test_notes_that_somebody_else_wrote_meanwhile_are_shown_before_they_go(as_alice: Client) -> None:
    model = Model3DFactory(notes="first")
    edit_model(model.pk, notes="theirs")

    refused = as_alice.post(edit_url(model, "notes"), {"notes": "mine", "before": "first"}).content.decode()

    model.refresh_from_db()
    assert model.notes == "theirs"
    assert "Somebody else changed these notes meanwhile." in refused
    assert ">\nmine</textarea>" in refused and 'name="before" value="theirs"' in refused
    as_alice.post(edit_url(model, "notes"), {"notes": "mine", "before": "theirs"})
    model.refresh_from_db()
    assert model.notes == "mine"


def test_lines_of_notes_survive_the_browser(as_alice: Client) -> None:
    model = Model3DFactory(notes="one\ntwo")

    as_alice.post(edit_url(model, "notes"), {"notes": "one\r\ntwo\r\nthree", "before": "one\r\ntwo"})

    model.refresh_from_db()
    assert model.notes == "one\ntwo\nthree"


def test_an_unchanged_field_is_not_marked_as_edited(db: None) -> None:
    model = Model3DFactory(name="Dragon")

    edit_model(model.pk, name="Dragon")

    model.refresh_from_db()
    assert model.edited_fields == []


def at_once(*tasks: Callable[[], object]) -> list[Exception]:
    """Run `tasks` in threads that start together; what they raised."""
    barrier, raised = Barrier(len(tasks)), []

    def run(task: Callable[[], object]) -> None:
        try:
            barrier.wait(timeout=10)
            task()
        except Exception as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run, args=[task]) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


@pytest.mark.django_db(transaction=True)
def test_two_editors_at_once_leave_right_counts() -> None:
    models = [Model3DFactory() for _ in range(6)]
    names = [f"tag {n}" for n in range(8)]
    for name in names[:4]:
        TagFactory(name=name)
    CreatorFactory(name="Ada")

    def tag(order: int) -> None:
        for model in models[::order]:
            set_tags(model.pk, names[::order], before=[])
            set_creator(model.pk, "Ada" if order > 0 else "Grace")

    raised = at_once(lambda: tag(1), lambda: tag(-1), lambda: tag(1))

    assert raised == []
    assert counts() == dict.fromkeys(names, 6)
    for creator in Creator.objects.all():
        assert creator.model_count == Model3D.objects.filter(creator=creator).count()


@pytest.mark.django_db(transaction=True)
def test_two_writers_of_notes_at_once_cannot_both_win() -> None:
    model = Model3DFactory(notes="first")

    raised = at_once(
        lambda: edit_model(model.pk, notes="mine", notes_before="first"),
        lambda: edit_model(model.pk, notes="yours", notes_before="first"),
    )

    assert [type(error) for error in raised] == [NotesChangedMeanwhile]


def test_links_collections_and_the_sensitive_flag_are_saved(as_alice: Client) -> None:
    model = Model3DFactory()
    kept = CollectionFactory(name="Kept by another")
    model.collections.add(kept)

    as_alice.post(edit_url(model, "links"), {"links": "https://example.org/orc\nhttps://example.org/orc"})
    as_alice.post(edit_url(model, "collections"), {"collections": "Minis / Orcs\n\nGifts", "before": ""})
    as_alice.post(edit_url(model, "sensitive"), {"is_sensitive": "on"})

    model.refresh_from_db()
    page = as_alice.get(model.get_absolute_url()).content.decode()
    assert (model.links, model.is_sensitive) == (["https://example.org/orc"], True)
    assert set(model.collections.values_list("name", flat=True)) == {"Orcs", "Gifts", "Kept by another"}
    assert model.edited_fields == ["collections", "is_sensitive", "links"]
    assert "Minis / Orcs" in page


def test_a_collection_is_left_by_taking_its_line_away(as_alice: Client) -> None:
    model = Model3DFactory()
    left = CollectionFactory(name="Left")
    model.collections.add(left)

    as_alice.post(edit_url(model, "collections"), {"collections": "", "before": str(left.pk)})

    assert not model.collections.exists()


@pytest.mark.parametrize(
    ("part", "mine", "theirs"),
    [
        ("name", "Mine", "Theirs"),
        ("license", "MIT", "CC0-1.0"),
        ("links", "https://a.example", "https://b.example"),
    ],
)
def test_the_later_of_two_editors_is_told_and_may_save_again(
    as_alice: Client, part: str, mine: str, theirs: str
) -> None:
    model = Model3DFactory(name="Orc")
    version = re.search(r'name="version" value="(\w+)"', as_alice.get(edit_url(model, part)).content.decode())
    assert version
    as_alice.post(edit_url(model, part), {part: theirs, "version": version[1]})

    told = as_alice.post(edit_url(model, part), {part: mine, "version": version[1]}).content.decode()
    again = re.search(r'name="version" value="(\w+)"', told)

    assert f"it now reads: {theirs}" in told and mine in told and again
    as_alice.post(edit_url(model, part), {part: mine, "version": again[1]})
    assert mine in as_alice.get(model.get_absolute_url(), follow=True).content.decode()


def test_a_known_licence_says_in_plain_words_what_one_may_do(as_alice: Client) -> None:
    model = Model3DFactory()

    as_alice.post(edit_url(model, "license"), {"license": "cc-by-nc-4.0"})

    model.refresh_from_db()
    page = as_alice.get(model.get_absolute_url()).content.decode()
    assert model.license == "CC-BY-NC-4.0"
    assert "Not allowed: </span>Sell prints" in page and "Name the creator" in page
