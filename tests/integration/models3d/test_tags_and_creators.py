"""The lists of tags and creators: found, renamed, merged, deleted; and who may."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from collections_app.models import Creator, Tag
from config.accounts.models import User
from config.lib.versions import version_of
from libraries.models import Library
from models3d.group_services import creator_version
from models3d.models import Model3D
from models3d.services import set_creator, set_tags
from tests.factories import CreatorFactory, LibraryFactory, Model3DFactory, TagFactory


@pytest.fixture
def orc(db: None) -> Model3D:
    """A model with the tags mini and toy, by Ada."""
    model = Model3DFactory(library=LibraryFactory(scanned_at=timezone.now()), name="Orc")
    set_tags(model.pk, ["mini", "toy"])
    set_creator(model.pk, "Ada")
    return Model3D.objects.get(pk=model.pk)


def tag(name: str) -> Tag:
    return Tag.objects.get(name=name)


def test_lists_show_names_and_numbers_and_can_be_searched(as_alice: Client, orc: Model3D) -> None:
    page = as_alice.get("/tags/").content.decode()
    found = as_alice.get("/tags/?name=MIN").content.decode()

    assert "mini" in page and "toy" in page
    assert "mini" in found and "toy" not in found
    assert "Ada" in as_alice.get("/creators/").content.decode()
    assert "None has such a name" in as_alice.get("/creators/?name=zz").content.decode()


def test_a_long_list_goes_on_and_shows_each_once(as_alice: Client, orc: Model3D) -> None:
    for n in range(150):
        TagFactory(name=f"made up {n:03}", model_count=n % 3)

    first = as_alice.get("/tags/").content.decode()
    after = first.split("after=")[1].split('"')[0]
    second = as_alice.get(f"/tags/?after={after}").content.decode()

    shown = [
        f"made up {n:03}"
        for n in range(150)
        if (f"made up {n:03}<" in first) + (f"made up {n:03}<" in second) == 1
    ]
    assert len(shown) == 150
    assert as_alice.get("/tags/?after=nonsense").status_code == 200


def test_a_renamed_tag_is_found_by_its_new_name(as_alice: Client, orc: Model3D) -> None:
    mini = tag("mini")

    as_alice.post(f"/tags/{mini.pk}/", {"name": "Miniature", "version": version_of("mini")})

    orc.refresh_from_db()
    assert orc.tag_words == "Miniature toy"


@pytest.mark.parametrize(
    ("name", "version", "sentence"),
    [
        ("TOY", version_of("mini"), "To make one of the two, merge them."),
        ("a, b", version_of("mini"), "A tag holds no comma"),
        ("other", version_of("older"), "Somebody else changed this tag"),
        ("x" * 101, version_of("mini"), "at most 100 characters"),
    ],
)
def test_a_name_that_cannot_be_is_told(
    as_alice: Client, orc: Model3D, name: str, version: str, sentence: str
) -> None:
    page = as_alice.post(f"/tags/{tag('mini').pk}/", {"name": name, "version": version}).content.decode()

    assert sentence in page
    assert set(Tag.objects.values_list("name", flat=True)) == {"mini", "toy"}


def test_ticked_tags_are_merged_into_the_named_one(as_alice: Client, orc: Model3D) -> None:
    as_alice.post("/change/tags/", {"id": tag("mini").pk, "into": "TOY"})

    orc.refresh_from_db()
    assert list(Tag.objects.values_list("name", "model_count")) == [("toy", 1)]
    assert orc.tag_words == "toy"


def test_deleting_tags_keeps_models_and_unused_ones_go_together(as_alice: Client, orc: Model3D) -> None:
    missing = Model3DFactory(library=orc.library, missing_since=timezone.now())
    missing.tags.add(TagFactory(name="of a missing model"))
    TagFactory(name="unused")

    as_alice.post("/change/tags/", {"unused": "yes"})
    assert set(Tag.objects.values_list("name", flat=True)) == {"mini", "toy", "of a missing model"}
    as_alice.post("/change/tags/", {"id": tag("mini").pk, "delete": "yes"})

    orc.refresh_from_db()
    assert orc.tag_words == "toy"


def test_nothing_ticked_or_an_unknown_name_is_told(as_alice: Client, orc: Model3D) -> None:
    nothing = as_alice.post("/change/tags/", {"into": "toy"}, follow=True).content.decode()
    unknown = as_alice.post(
        "/change/creators/", {"id": Creator.objects.get().pk, "into": "Nobody"}, follow=True
    ).content.decode()

    assert "Tick from 1 to 100 tags first." in nothing
    assert "There is none called “Nobody”" in unknown


def test_a_creator_has_links_and_notes_above_the_grid(as_alice: Client, orc: Model3D) -> None:
    ada = Creator.objects.get()
    fields = {
        "name": "Ada L", "links": "https://www.example.org/ada\n\nhttps://example.net\n", "notes": "**Kind**",
        "version": creator_version(ada),
    }  # fmt: skip

    as_alice.post(f"/creators/{ada.pk}/", fields)
    stale = as_alice.post(f"/creators/{ada.pk}/", fields).content.decode()
    page = as_alice.get(f"/?creator={ada.pk}").content.decode()

    orc.refresh_from_db()
    assert orc.creator_words == "Ada L"
    assert "<strong>Kind</strong>" in page and 'href="https://www.example.org/ada"' in page
    assert "Somebody else changed this creator" in stale


@pytest.mark.parametrize("link", ["javascript:alert(1)", "example", "https://", "https://exa mple.org"])
def test_links_that_lead_nowhere_are_refused(as_alice: Client, orc: Model3D, link: str) -> None:
    ada = Creator.objects.get()

    page = as_alice.post(
        f"/creators/{ada.pk}/", {"name": "Ada", "links": link, "version": creator_version(ada)}
    ).content.decode()

    assert "is no address of the web" in page
    assert Creator.objects.get().links == []


def test_strangers_see_only_what_is_on_their_models_without_numbers(
    as_charlie: Client, charlie: User, shared_library: Library, orc: Model3D
) -> None:
    secret = TagFactory(name="secret", model_count=1)
    maker = CreatorFactory(name="Secret maker")
    Model3DFactory(library=shared_library, creator=maker).tags.add(secret)
    charlie.user_permissions.add(Permission.objects.get(codename="change_model3d"))

    tags = as_charlie.get("/tags/").content.decode()

    assert "mini" in tags and "secret" not in tags and "1 model" not in tags
    assert "Secret maker" not in as_charlie.get("/creators/").content.decode()
    assert "Secret maker" not in as_charlie.get(f"/?creator={maker.pk}").content.decode()
    assert as_charlie.get(f"/tags/{secret.pk}/").status_code == 404
    assert as_charlie.get(f"/creators/{maker.pk}/").status_code == 404
    assert as_charlie.post("/change/tags/", {"id": secret.pk, "delete": "yes"}).status_code == 403


def test_viewers_look_and_change_nothing(as_bob: Client, orc: Model3D) -> None:
    assert "Merge" not in as_bob.get("/tags/").content.decode()
    assert as_bob.get(f"/tags/{tag('mini').pk}/").status_code == 403
    assert as_bob.post("/change/tags/", {"unused": "yes"}).status_code == 403
