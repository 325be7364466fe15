"""Of several copies one stays and the others are put aside: what leaves, what is handed on, and how all of it comes back."""

from datetime import UTC, datetime

import pytest

from collections_app.models import Tag
from config.accounts.models import User
from libraries.models import Library
from models3d.audience import audience_of
from models3d.derived import refresh_models
from models3d.duplicates import Alikeness, groups_for
from models3d.models import Model3D, ModelFile
from models3d.putting_aside import NotPutAside, bring_back, bring_back_orphans, put_aside
from tests.factories import CreatorFactory, LibraryFactory, Model3DFactory, ModelFileFactory
from tests.integration.models3d.shaped import model_with, shaped_file
from tests.unit.models3d.varied import varied_solid

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 7, 1, tzinfo=UTC)


@pytest.fixture
def kept(db: None) -> Model3D:
    return model_with(varied_solid(1), LibraryFactory(), "dragon")


@pytest.fixture
def copy(kept: Model3D) -> Model3D:
    return model_with(varied_solid(1), LibraryFactory(), "dragon again")


def group_count(user: User, alikeness: Alikeness = "same_file") -> int:
    return len(groups_for(audience_of(user), alikeness).groups)


def on_the_shelf(model: Model3D) -> bool:
    return Model3D.objects.present().filter(pk=model.pk).exists()


def test_the_other_file_leaves_with_its_model_and_comes_back(
    alice: User, kept: Model3D, copy: Model3D
) -> None:
    assert group_count(alice) == 1

    assert put_aside(kept.files.get(), [copy.files.get()], now=NOW) == 1

    assert group_count(alice) == 0
    assert (on_the_shelf(kept), on_the_shelf(copy)) == (True, False)
    copy.library.refresh_from_db()
    assert copy.library.model_count == 0
    assert bring_back([copy.files.get()]) == 1
    assert on_the_shelf(copy)
    assert group_count(alice) == 1
    copy.library.refresh_from_db()
    assert copy.library.model_count == 1


def test_what_people_wrote_is_put_onto_the_model_that_stays_and_stays_with_the_other(
    alice: User, kept: Model3D, copy: Model3D
) -> None:
    Model3D.objects.filter(pk=kept.pk).update(notes="Print in red.", edited_fields=["notes"])
    Model3D.objects.filter(pk=copy.pk).update(
        notes="Needs supports.",
        license="CC-BY-4.0",
        creator=CreatorFactory(),
        edited_fields=["name", "notes"],
    )
    copy.tags.add(Tag.objects.create(name="wyrm"))
    copy.marks.create(user=alice, is_favorite=True, rating=4)

    put_aside(kept.files.get(), [copy.files.get()], now=NOW)

    kept.refresh_from_db()
    assert kept.notes == "Print in red.\n\nNeeds supports."
    assert (kept.name, kept.license, kept.tag_words) == ("dragon", "CC-BY-4.0", "wyrm")
    assert kept.edited_fields == ["notes"]
    assert kept.marks.get().rating == 4
    copy.refresh_from_db()
    assert (copy.notes, copy.marks.get().rating, copy.tags.get().name) == ("Needs supports.", 4, "wyrm")


def test_a_model_with_other_files_keeps_its_words_to_itself(kept: Model3D) -> None:
    twice = Model3DFactory(library=kept.library, notes="Two of each.")
    first = shaped_file(twice, varied_solid(2), "a.stl")
    second = shaped_file(twice, varied_solid(2), "b.stl")

    put_aside(first, [second], now=NOW)

    twice.refresh_from_db()
    assert (twice.file_count, twice.missing_since) == (1, None)
    kept.refresh_from_db()
    assert kept.notes == ""


def test_shared_parts_of_kits_are_refused(kept: Model3D) -> None:
    kits = [Model3DFactory(library=kept.library) for _ in range(2)]
    screws = [shaped_file(kit, varied_solid(3), "screw.stl") for kit in kits]
    for number, kit in enumerate(kits):
        shaped_file(kit, varied_solid(4 + number), "body.stl")

    with pytest.raises(NotPutAside, match="several models need"):
        put_aside(screws[0], [screws[1]], now=NOW)

    assert not ModelFile.objects.filter(put_aside_at__isnull=False).exists()


def test_what_is_no_copy_is_refused(kept: Model3D) -> None:
    other = model_with(varied_solid(2), kept.library, "hook").files.get()

    with pytest.raises(NotPutAside, match=r"hook\.stl is neither a copy of dragon\.stl nor like it"):
        put_aside(kept.files.get(), [other], now=NOW)


def test_the_last_copy_always_stays(kept: Model3D, copy: Model3D) -> None:
    first, second = kept.files.get(), copy.files.get()
    put_aside(first, [second], now=NOW)

    with pytest.raises(NotPutAside, match="not there any more"):
        put_aside(second, [first], now=NOW)

    assert put_aside(first, [first], now=NOW) == 0
    assert on_the_shelf(kept)


@pytest.mark.parametrize("columns", [{"missing_since": NOW}, {"sha256": ""}], ids=["missing", "changed"])
def test_a_file_comes_back_when_the_kept_one_is_gone(
    kept: Model3D, copy: Model3D, columns: dict[str, object]
) -> None:
    put_aside(kept.files.get(), [copy.files.get()], now=NOW)
    assert bring_back_orphans() == 0

    kept.files.update(**columns)

    assert bring_back_orphans() == 1
    assert on_the_shelf(copy)


def test_who_stood_aside_for_a_copy_now_stands_aside_for_what_stays(kept: Model3D) -> None:
    rescaled = model_with(varied_solid(1) * 2, kept.library, "large dragon")
    again = model_with(varied_solid(1) * 2, kept.library, "large dragon again")
    put_aside(rescaled.files.get(), [again.files.get()], now=NOW)

    put_aside(kept.files.get(), [rescaled.files.get()], now=NOW)

    assert bring_back_orphans() == 0
    assert [on_the_shelf(model) for model in (kept, rescaled, again)] == [True, False, False]


def test_files_of_an_archive_go_with_it(kept: Model3D) -> None:
    archives = []
    for name in ("pack", "pack again"):
        model = Model3DFactory(library=kept.library, name=name)
        archive = ModelFileFactory(
            model=model, relative_path=f"{name}.zip", kind="archive", extension="zip", sha256="ab" * 32
        )
        ModelFileFactory(model=model, archive=archive, relative_path=f"{name}.zip!/a.stl", sha256="cd" * 32)
        archives.append(archive)
    refresh_models([archive.model_id for archive in archives])

    assert put_aside(archives[0], [archives[1]], now=NOW) == 1

    assert ModelFile.objects.filter(put_aside_at=NOW).count() == 2
    assert not on_the_shelf(archives[1].model)
    assert bring_back_orphans() == 0
    assert bring_back([archives[1]]) == 2


def test_a_group_can_be_narrowed_to_one_library(alice: User, kept: Model3D, copy: Model3D) -> None:
    other: Library = LibraryFactory()

    def found(library: Library) -> int:
        return len(groups_for(audience_of(alice), "same_file", library_id=library.pk).groups)

    assert (found(kept.library), found(copy.library), found(other)) == (1, 1, 0)
