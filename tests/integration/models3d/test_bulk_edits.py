"""Bulk edits: what each does, exactly once, for whose models; cancelled, taken over and undone."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from collections_app.models import Collection, Creator, Tag
from config.accounts.models import User
from libraries.models import Library
from models3d import bulk
from models3d.bulk_models import BulkEdit
from models3d.models import Mark, Model3D
from models3d.selection import Selection
from models3d.services import set_tags
from tests.factories import (
    CollectionFactory,
    CreatorFactory,
    LibraryFactory,
    Model3DFactory,
    ModelFileFactory,
    TagFactory,
)

HTMX = {"HX-Request": "true"}
Action = BulkEdit.Action


@pytest.fixture
def models(db: None) -> list[Model3D]:
    library = LibraryFactory(scanned_at=timezone.now())
    return [Model3DFactory(library=library, name=f"Orc {n}") for n in range(5)]


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "_BATCH", 2)
    monkeypatch.setattr(bulk, "_BATCH_OF_LINKS", 2)


def ask(user: User, models: list[Model3D], action: Action, value: dict[str, Any]) -> BulkEdit:
    selection = Selection(tuple(model.pk for model in models))
    return bulk.request_bulk_edit(selection, user=user, action=action, value=value, title="A bulk edit")


def done(edit: BulkEdit) -> BulkEdit:
    bulk.work_on(edit.pk, seconds=30)
    edit.refresh_from_db()
    return edit


def tagged(tag: Tag) -> set[str]:
    return set(Model3D.objects.filter(tags=tag).values_list("name", flat=True))


def make_editor(user: User) -> None:
    user.user_permissions.add(Permission.objects.get(codename="change_model3d"))


def test_tags_are_put_on_with_counts_words_and_memory(
    alice: User, models: list[Model3D], small_batches: None
) -> None:
    tag = TagFactory(name="bulky")
    set_tags(models[0].pk, ["bulky"])

    edit = done(ask(alice, models, Action.ADD_TAGS, {"tags": [tag.pk]}))

    tag.refresh_from_db()
    found = Model3D.objects.get(pk=models[4].pk)
    assert (edit.state, edit.total_count, edit.done_count, edit.changed_count) == ("done", 5, 5, 4)
    assert (tag.model_count, found.tag_words, found.edited_fields) == (5, "bulky", ["tags"])


def test_all_that_fit_a_look_are_edited_and_no_others(
    alice: User, models: list[Model3D], small_batches: None
) -> None:
    tag = TagFactory()
    Model3DFactory(name="Bracket", library=models[0].library)

    edit = bulk.request_bulk_edit(
        Selection(is_everything=True, query="q=orc"),
        user=alice, action=Action.ADD_TAGS, value={"tags": [tag.pk]}, title="",
    )  # fmt: skip
    done(edit)

    assert tagged(tag) == {model.name for model in models}


def test_a_look_that_fits_nothing_is_done_at_once(alice: User, models: list[Model3D]) -> None:
    selection = Selection(is_everything=True, query="q=---")

    edit = done(bulk.request_bulk_edit(selection, user=alice, action=Action.REANALYZE, value={}, title=""))

    assert (edit.state, edit.total_count) == ("done", 0)


def test_every_other_action_does_what_it_says(
    alice: User, models: list[Model3D], small_batches: None
) -> None:
    old, new = CreatorFactory(name="Old", model_count=5), CreatorFactory(name="New")
    Model3D.objects.update(creator=old, creator_words="Old")
    shelf = CollectionFactory()
    file = ModelFileFactory(model=models[0], analysis_state="done")

    done(ask(alice, models, Action.SET_CREATOR, {"creator": new.pk}))
    done(ask(alice, models, Action.ADD_TO_COLLECTION, {"collections": [shelf.pk]}))
    done(ask(alice, models[:2], Action.REMOVE_FROM_COLLECTION, {"collections": [shelf.pk]}))
    done(ask(alice, models, Action.SET_LICENSE, {"value": "MIT"}))
    done(ask(alice, models, Action.SET_SENSITIVE, {"value": True}))
    done(ask(alice, models, Action.SET_FAVORITE, {"value": True}))
    done(ask(alice, models[:1], Action.REANALYZE, {}))

    model = Model3D.objects.get(pk=models[3].pk)
    file.refresh_from_db()
    assert (model.creator, model.creator_words, model.license, model.is_sensitive) == (
        new,
        "New",
        "MIT",
        True,
    )
    assert model.edited_fields == ["collections", "creator", "is_sensitive", "license"]
    assert dict(Creator.objects.values_list("name", "model_count")) == {"Old": 0, "New": 5}
    assert Model3D.objects.filter(collections=shelf).count() == 3
    assert Mark.objects.filter(user=alice, is_favorite=True).count() == 5
    assert file.analysis_state == "pending"


def test_a_worker_that_dies_is_taken_over_and_nothing_is_done_twice(
    alice: User, models: list[Model3D], small_batches: None
) -> None:
    tag = TagFactory()
    edit = ask(alice, models, Action.ADD_TAGS, {"tags": [tag.pk]})
    bulk.work_on(edit.pk, seconds=0)
    BulkEdit.objects.update(claimed_until=timezone.now() + timedelta(minutes=1))

    bulk.work_for(seconds=30)  # somebody is at it
    edit.refresh_from_db()
    assert edit.done_count == 2
    BulkEdit.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    bulk.work_for(seconds=30)

    tag.refresh_from_db()
    edit.refresh_from_db()
    assert (edit.state, edit.changed_count, tag.model_count) == ("done", 5, 5)


def test_a_batch_that_fails_leaves_nothing_half_done_and_gives_up_in_the_end(
    alice: User, models: list[Model3D], small_batches: None
) -> None:
    edit = ask(alice, models, Action.ADD_TAGS, {"no tags": 1})

    for _ in range(4):
        BulkEdit.objects.update(claimed_until=None)
        try:
            bulk.work_on(edit.pk, seconds=30)
        except KeyError:
            continue

    edit.refresh_from_db()
    assert (edit.state, edit.done_count) == ("failed", 0)
    assert "three times" in edit.error


def test_a_cancelled_edit_keeps_what_is_done_and_its_words_follow(
    alice: User, models: list[Model3D], small_batches: None
) -> None:
    tag = TagFactory(name="half")
    edit = ask(alice, models, Action.ADD_TAGS, {"tags": [tag.pk]})
    bulk.work_on(edit.pk, seconds=0)

    bulk.cancel(edit)
    done(edit)

    assert (edit.state, edit.done_count) == ("cancelled", 2)
    assert sorted(Model3D.objects.filter(tag_words="half").values_list("name", flat=True)) == sorted(
        tagged(tag)
    )


def test_undoing_touches_only_what_the_edit_changed(
    alice: User, models: list[Model3D], small_batches: None
) -> None:
    tag = TagFactory(name="bulky")
    set_tags(models[0].pk, ["bulky"])
    edit = done(ask(alice, models, Action.ADD_TAGS, {"tags": [tag.pk]}))

    (undoing,) = bulk.undo(edit, user=alice, now=timezone.now())
    bulk.work_on(undoing, seconds=30)

    tag.refresh_from_db()
    assert tagged(tag) == {models[0].name}
    assert tag.model_count == 1
    with pytest.raises(bulk.AlreadyUndone):
        bulk.undo(edit, user=alice, now=timezone.now())


def test_a_tag_deleted_meanwhile_ends_the_edit_with_a_sentence(alice: User, models: list[Model3D]) -> None:
    edit = ask(alice, models, Action.ADD_TAGS, {"tags": [999_999]})

    done(edit)
    done(edit)

    assert edit.state == "failed"
    assert "The tag was deleted meanwhile" in edit.error


def test_models_that_one_may_not_see_are_never_touched(charlie: User, shared_library: Library) -> None:
    make_editor(charlie)
    hidden = Model3DFactory(library=shared_library)
    tag = TagFactory()

    edit = done(ask(charlie, [hidden], Action.ADD_TAGS, {"tags": [tag.pk]}))

    assert (edit.total_count, tagged(tag)) == (0, set())


def test_who_may_no_longer_edit_stops_editing(bob: User, models: list[Model3D]) -> None:
    edit = done(ask(bob, models, Action.SET_LICENSE, {"value": "MIT"}))

    assert edit.state == "failed"
    assert not Model3D.objects.filter(license="MIT").exists()


def test_old_edits_are_forgotten(alice: User, models: list[Model3D]) -> None:
    done(ask(alice, models, Action.ADD_TAGS, {"tags": [TagFactory().pk]}))

    bulk.forget_old_edits(now=timezone.now() + timedelta(days=29))
    assert BulkEdit.objects.count() == 1
    bulk.forget_old_edits(now=timezone.now() + timedelta(days=31))
    assert BulkEdit.objects.count() == 0


def test_without_script_ticked_models_are_tagged_in_two_steps(
    as_alice: Client, models: list[Model3D]
) -> None:
    ids = [model.pk for model in models[:3]]

    form = as_alice.post("/selection/add_tags/", {"id": ids})
    answer = as_alice.post(
        "/selection/add_tags/",
        {"ids": ",".join(map(str, ids)), "apply": "yes", "tags": "one, Two"},
        follow=True,
    )

    page = form.content.decode()
    assert "Tag 3 models" in page
    assert f'name="ids" value="{ids[0]},{ids[1]},{ids[2]}"' in page
    assert "3 models changed" in answer.content.decode()
    assert set(Tag.objects.values_list("name", "model_count")) == {("one", 3), ("Two", 3)}


def test_htmx_gets_the_form_alone_then_a_message(as_alice: Client, models: list[Model3D]) -> None:
    fields = {"all": "yes", "look": "?q=orc"}

    form = as_alice.post("/selection/set_license/", fields, headers=HTMX).content.decode()
    answer = as_alice.post(
        "/selection/set_license/", {**fields, "apply": "1", "license": "mit"}, headers=HTMX
    )

    assert "<html" not in form and "Set the licence of 5 models" in form
    assert answer.status_code == 204 and "5 models changed" in answer["HX-Trigger"]
    assert Model3D.objects.filter(license="MIT").count() == 5


@pytest.mark.parametrize(
    ("action", "fields", "sentence"),
    [
        ("add_tags", {"tags": " , "}, "Type at least one tag."),
        ("add_tags", {"tags": "x" * 101}, "At most 100 tags"),
        ("remove_tags", {"tags": "unheard of"}, "There is no tag called “unheard of”."),
        ("add_to_collection", {"collection": " / "}, "Names have from 1"),
        ("remove_from_collection", {"collection": "Nowhere"}, "There is no collection “Nowhere”."),
        ("set_favorite", {"value": "perhaps"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_done_is_said_in_the_form(
    as_alice: Client, models: list[Model3D], action: str, fields: dict[str, str], sentence: str
) -> None:
    answer = as_alice.post(f"/selection/{action}/", {"ids": str(models[0].pk), "apply": "1", **fields})

    assert sentence in answer.content.decode()
    assert not BulkEdit.objects.exists()


def test_every_action_is_offered_and_opens(as_alice: Client, as_bob: Client, models: list[Model3D]) -> None:
    fields = {"id": models[0].pk}

    page = as_alice.post("/selection/", fields).content.decode()

    for action in BulkEdit.Action:
        assert f'formaction="/selection/{action}/"' in page
        assert "1 model" in as_alice.post(f"/selection/{action}/", fields, headers=HTMX).content.decode()
    assert "add_tags" not in as_bob.post("/selection/", fields).content.decode()
    assert as_alice.post("/selection/burn/", fields).status_code == 404


def test_nothing_or_too_much_chosen_is_told(as_alice: Client, models: list[Model3D]) -> None:
    nothing = as_alice.post("/selection/add_tags/", {"ids": "x,-1"}, follow=True)
    too_many = as_alice.post("/selection/", {"ids": ",".join(map(str, range(4_001)))}, follow=True)

    assert "No model was chosen" in nothing.content.decode()
    assert "At most 4,000 models can be ticked" in too_many.content.decode()


def test_all_that_fit_a_search_that_cannot_be_read_are_left_alone(
    as_alice: Client, models: list[Model3D]
) -> None:
    fields = {"all": "yes", "look": "?q=size:<huge", "apply": "1", "license": "MIT"}

    answer = as_alice.post("/selection/set_license/", fields, follow=True)

    assert "The search cannot be read as a whole." in answer.content.decode()
    assert not BulkEdit.objects.exists()


def test_a_new_collection_is_made_where_it_is_named(as_alice: Client, models: list[Model3D]) -> None:
    fields = {"ids": str(models[0].pk), "apply": "1", "collection": "Miniatures / Dragons"}

    as_alice.post("/selection/add_to_collection/", fields)

    made = Collection.objects.get(name="Dragons")
    assert made.parent is not None and made.parent.name == "Miniatures"
    assert list(models[0].collections.all()) == [made]


def test_viewers_may_mark_favourites_and_nothing_else(
    as_bob: Client, bob: User, models: list[Model3D]
) -> None:
    fields = {"ids": str(models[0].pk), "apply": "1", "value": "yes", "tags": "x"}

    refused = as_bob.post("/selection/add_tags/", fields)
    as_bob.post("/selection/set_favorite/", fields)

    assert refused.status_code == 403
    assert list(Mark.objects.values_list("user", "model", "is_favorite")) == [(bob.pk, models[0].pk, True)]


def test_edits_of_others_are_not_there(
    as_alice: Client, as_bob: Client, as_charlie: Client, bob: User, models: list[Model3D]
) -> None:
    make_editor(bob)
    edit = done(ask(bob, models, Action.SET_LICENSE, {"value": "MIT"}))
    pages: list[Callable[[Client], int]] = [
        lambda client: client.get(f"/edits/{edit.pk}/").status_code,
        lambda client: client.post(f"/edits/{edit.pk}/cancel/", follow=True).status_code,
        lambda client: client.post(f"/edits/{edit.pk}/undo/", follow=True).status_code,
    ]

    assert [page(as_bob) for page in pages] == [200, 200, 200]
    assert [page(as_alice) for page in pages] == [200, 200, 200]
    assert [page(as_charlie) for page in pages] == [404, 404, 404]
    assert "A bulk edit" in as_bob.get("/edits/").content.decode()
    assert "A bulk edit" not in as_charlie.get("/edits/").content.decode()


def test_a_heart_marks_a_favourite_of_the_person(
    as_bob: Client, as_charlie: Client, shared_library: Library
) -> None:
    model = Model3DFactory(library=shared_library)

    button = as_bob.post(f"/models/{model.pk}/favourite/yes/", headers=HTMX).content.decode()
    plain = as_bob.post(f"/models/{model.pk}/favourite/no/")

    assert 'aria-pressed="true"' in button
    assert plain.status_code == 302 and not Mark.objects.filter(is_favorite=True).exists()
    assert as_charlie.post(f"/models/{model.pk}/favourite/yes/").status_code == 404
    assert as_bob.post(f"/models/{model.pk}/favourite/maybe/").status_code == 404


def test_stars_are_given_and_taken_away(as_bob: Client, bob: User, models: list[Model3D]) -> None:
    address = f"/models/{models[0].pk}/mark/rating/"

    as_bob.post(address, {"rating": "4"})
    assert Mark.objects.get().rating == 4
    bad = as_bob.post(address, {"rating": "9"}, follow=True)
    assert "from 1 to 5" in bad.content.decode()
    as_bob.post(address, {"rating": ""})
    assert Mark.objects.get().rating is None


def test_suggestions_tell_of_visible_models_only(
    as_alice: Client, as_charlie: Client, shared_library: Library
) -> None:
    model = Model3DFactory(library=shared_library, creator=CreatorFactory(name="Secret maker"))
    model.tags.add(TagFactory(name="secret tag"))
    model.collections.add(CollectionFactory(name="Secret shelf", parent=CollectionFactory(name="Outer")))

    for kind, name in (
        ("tags", "first, secret tag"), ("creators", "Secret maker"), ("collections", "Outer / Secret shelf"),
    ):  # fmt: skip
        address = f"/suggestions/{kind}/?whatever={'first, ' if kind == 'tags' else ''}secr"
        assert f'value="{name}"' in as_alice.get(address).content.decode()
        assert "ecret" not in as_charlie.get(address).content.decode()
    assert "CC-BY-NC-4.0" in as_charlie.get("/suggestions/licenses/?license=nc-4").content.decode()
    assert as_charlie.get("/suggestions/passwords/?q=x").status_code == 404
