"""What the admin does to many rows: merging, analyzing anew, ignoring, asking for scans; and who gets in."""

import pytest
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from collections_app.models import Creator, Tag
from libraries.models import Library
from models3d.models import Model3D
from scanning.models import Problem
from tests.factories import (
    CreatorFactory,
    LibraryFactory,
    Model3DFactory,
    ModelFileFactory,
    ProblemFactory,
    TagFactory,
)


def act(client: Client, address: str, action: str, *rows: Model, **more: str) -> None:
    ids = [str(row.pk) for row in rows]
    response = client.post(
        f"/admin/{address}/", {"action": action, "_selected_action": ids, **more}, follow=True
    )
    assert response.status_code == 200


def test_only_staff_get_in_and_sign_in_happens_in_one_place(as_alice: Client, as_charlie: Client) -> None:
    stranger = Client().get("/admin/", follow=True)

    assert as_alice.get("/admin/").status_code == 200
    assert as_charlie.get("/admin/", follow=True).status_code == 403
    assert stranger.redirect_chain[-1][0].startswith("/account/sign-in/?next=%2Fadmin%2F")
    assert Client().get("/admin/login/?next=/admin/")["Location"] == "/account/sign-in/?next=%2Fadmin%2F"


def test_merging_tags_asks_which_one_stays(as_alice: Client) -> None:
    tags = [TagFactory(name="mini"), TagFactory(name="<b>minis</b>")]

    response = as_alice.post(
        "/admin/collections_app/tag/", {"action": "merge", "_selected_action": [tag.pk for tag in tags]}
    )

    assert "Which one stays?" in response.content.decode()
    assert "&lt;b&gt;minis" in response.content.decode()
    assert Tag.objects.count() == 2


def test_merged_tags_keep_every_model_and_are_found_by_the_name_that_stays(as_alice: Client) -> None:
    kept, gone, other = TagFactory(name="miniature"), TagFactory(name="mini"), TagFactory(name="dragon")
    both, one = Model3DFactory(tag_words="mini miniature"), Model3DFactory(tag_words="dragon mini")
    both.tags.add(kept, gone)
    one.tags.add(gone, other)

    act(as_alice, "collections_app/tag", "merge", kept, gone, kept=str(kept.pk))

    assert set(Tag.objects.values_list("name", "model_count")) == {("miniature", 2), ("dragon", 1)}
    assert set(Model3D.objects.values_list("tag_words", flat=True)) == {"miniature", "dragon miniature"}


def test_merged_creators_keep_models_links_and_notes(as_alice: Client) -> None:
    kept = CreatorFactory(name="Mara Lind", links=["https://a.example"])
    gone = CreatorFactory(
        name="mara_lind", links=["https://a.example", "https://b.example"], notes="Makes bins."
    )
    Model3DFactory(creator=gone, creator_words="mara_lind")

    act(as_alice, "collections_app/creator", "merge", kept, gone, kept=str(kept.pk))

    creator = Creator.objects.get()
    assert (creator.links, creator.notes) == (["https://a.example", "https://b.example"], "Makes bins.")
    assert creator.model_count == 1
    assert Model3D.objects.get().creator_words == "Mara Lind"


def test_one_row_cannot_be_merged(as_alice: Client) -> None:
    tag = TagFactory()

    act(as_alice, "collections_app/tag", "merge", tag)

    assert Tag.objects.get() == tag


def test_a_renamed_tag_is_found_by_its_new_name(as_alice: Client) -> None:
    tag = TagFactory(name="minature")
    Model3DFactory(tag_words="minature").tags.add(tag)

    as_alice.post(f"/admin/collections_app/tag/{tag.pk}/change/", {"name": "miniature"})

    assert Model3D.objects.get().tag_words == "miniature"


def test_a_deleted_tag_leaves_its_models(as_alice: Client) -> None:
    tag = TagFactory(name="mini")
    Model3DFactory(tag_words="mini").tags.add(tag)

    asked = as_alice.get(f"/admin/collections_app/tag/{tag.pk}/delete/").content.decode()
    as_alice.post(f"/admin/collections_app/tag/{tag.pk}/delete/", {"post": "yes"})

    assert "the models stay" in asked
    assert Model3D.objects.get().tag_words == ""


def test_editing_a_model_is_remembered_and_searched(as_alice: Client) -> None:
    model, tag, creator = Model3DFactory(name="dragn"), TagFactory(name="toy"), CreatorFactory(name="Mara")
    form = {
        "name": "Dragon",
        "creator": creator.pk,
        "tags": [tag.pk],
        "links": "[]",
        "custom_fields": "{}",
        "notes": "",
    }

    as_alice.post(f"/admin/models3d/model3d/{model.pk}/change/", form)

    model.refresh_from_db()
    assert (model.name, model.tag_words, model.creator_words) == ("Dragon", "toy", "Mara")
    assert {"name", "creator", "tags"} <= set(model.edited_fields)
    assert Tag.objects.get().model_count == Creator.objects.get().model_count == 1


def test_facts_of_a_file_cannot_be_written(as_alice: Client) -> None:
    file = ModelFileFactory(triangle_count=12)

    as_alice.post(
        f"/admin/models3d/modelfile/{file.pk}/change/",
        {
            "role": "supported",
            "caption": "Left arm",
            "notes": "",
            "triangle_count": "99",
            "relative_path": "/etc/passwd",
        },
    )

    file.refresh_from_db()
    assert (file.caption, file.role) == ("Left arm", "supported")
    assert file.triangle_count == 12
    assert file.relative_path != "/etc/passwd"


@pytest.mark.parametrize("by", ["models3d/modelfile", "models3d/model3d"])
def test_chosen_files_are_analyzed_anew(as_alice: Client, by: str) -> None:
    file = ModelFileFactory(analysis_state="failed", analysis_attempts=3, analysis_error="Broken.")
    gone = ModelFileFactory(model=file.model, analysis_state="done", missing_since=timezone.now())

    act(as_alice, by, "reanalyze", *([file, gone] if by.endswith("file") else [file.model]))

    file.refresh_from_db()
    gone.refresh_from_db()
    assert (file.analysis_state, file.analysis_attempts, gone.analysis_state) == ("pending", 0, "done")


def test_chosen_libraries_are_due_for_a_scan(as_alice: Client) -> None:
    library = LibraryFactory(next_scan_at=None)

    act(as_alice, "libraries/library", "rescan", library)

    library.refresh_from_db()
    assert library.is_due(timezone.now())


def test_a_library_is_not_removed_here(as_alice: Client) -> None:
    library = LibraryFactory()

    response = as_alice.post(f"/admin/libraries/library/{library.pk}/delete/", {"post": "yes"})

    assert response.status_code == 403
    assert Library.objects.exists()


def test_problems_are_ignored_together(as_alice: Client) -> None:
    problems = ProblemFactory.create_batch(3)

    act(as_alice, "scanning/problem", "ignore", *problems)

    assert Problem.objects.open().count() == 0
