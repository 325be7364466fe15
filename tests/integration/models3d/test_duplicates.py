"""Duplicates come in groups with their evidence; parts of kits, symmetric solids and what people told apart are spared."""

import pytest
from django.db.models import Value
from django.db.models.functions import Concat

from config.accounts.models import User
from config.lib.keyset import BadCursor
from libraries.models import Library
from models3d.audience import audience_of
from models3d.curation import reanalyze
from models3d.duplicates import Alikeness, Evidence, Group, groups_for, say_not_duplicates, take_back
from models3d.meshes.arrays import Float64
from models3d.models import Model3D, ModelFile
from models3d.shape_models import NotDuplicate, Shape
from models3d.shapes import forget_unused_shapes, settle_shapes
from tests.factories import LibraryFactory, Model3DFactory, ModelFileFactory
from tests.integration.models3d.shaped import model_with, shaped_file
from tests.unit.models3d.solids import cube, sphere
from tests.unit.models3d.varied import subdivided, turned, varied_solid

pytestmark = pytest.mark.django_db


def groups(user: User, alikeness: Alikeness) -> list[Group]:
    return groups_for(audience_of(user), alikeness).groups


def names(group: Group) -> list[str]:
    return [twin.file.file_name for twin in group.twins]


@pytest.fixture
def library(db: None) -> Library:
    library: Library = LibraryFactory()
    return library


@pytest.fixture
def model(library: Library) -> Model3D:
    model: Model3D = Model3DFactory(library=library, name="Box of things")
    return model


def test_copies_of_a_file_are_one_group_across_libraries(alice: User, library: Library) -> None:
    first = model_with(varied_solid(1), library, "dragon")
    model_with(varied_solid(1), LibraryFactory(), "dragon again")
    model_with(varied_solid(2), library, "another")

    [group] = groups(alice, "same_file")

    assert group.evidence is Evidence.SAME_FILE
    assert names(group) == ["dragon.stl", "dragon again.stl"]
    assert (group.file_count, group.model_count, group.is_shared_part) == (2, 2, False)
    assert group.differs == ("name", "library")
    assert group.spare_bytes == first.files.get().size_bytes
    assert groups(alice, "same_shape") == groups(alice, "looks_alike") == []


def test_equal_text_files_are_copies_too_and_empty_ones_are_not(alice: User, model: Model3D) -> None:
    for name in ("a.txt", "b.txt"):
        ModelFileFactory(model=model, relative_path=name, extension="txt", sha256="a" * 64, size_bytes=9)
        ModelFileFactory(model=model, relative_path=f"empty {name}", sha256="b" * 64, size_bytes=0)
        ModelFileFactory(model=model, relative_path=f"waiting {name}", sha256="")

    assert [names(group) for group in groups(alice, "same_file")] == [["a.txt", "b.txt"]]


def test_a_shape_exported_anew_is_the_same_geometry(alice: User, model: Model3D) -> None:
    solid = varied_solid(4)
    shaped_file(model, solid, "part.stl")
    shaped_file(model, turned(subdivided(solid), 3), "part.3mf")
    shaped_file(model, solid, "header.stl", salt="made by another program")

    [group] = groups(alice, "same_shape")

    assert [twin.evidence for twin in group.twins[1:]] == [Evidence.SAME_GEOMETRY] * 2
    assert group.evidence is Evidence.SAME_GEOMETRY
    assert {"format", "triangles", "size on disk"} <= set(group.differs)
    assert group.spare_bytes == 0
    assert groups(alice, "same_file") == groups(alice, "looks_alike") == []


def test_a_rescaled_copy_tells_how_much_larger_it_is(alice: User, model: Model3D) -> None:
    shaped_file(model, varied_solid(5), "mm.stl")
    shaped_file(model, varied_solid(5) * 25.4, "inches.stl")

    [group] = groups(alice, "same_shape")

    assert group.evidence is Evidence.RESCALED
    assert group.twins[1].factor == pytest.approx(25.4, rel=1e-4)


def test_a_mirrored_copy_is_told_from_the_same_geometry(alice: User, model: Model3D) -> None:
    shaped_file(model, varied_solid(7), "left.stl")
    shaped_file(model, varied_solid(7) * (-1, 1, 1), "right.stl")

    [group] = groups(alice, "same_shape")

    assert (group.evidence, group.twins[1].factor) == (Evidence.MIRRORED, 1.0)


def test_a_thinned_copy_is_shown_for_review(alice: User, model: Model3D) -> None:
    # A ball of another fineness stands for what thinning does; the bump keeps it from being symmetric.
    shaped_file(model, _bumped(24), "fine.stl")
    shaped_file(model, _bumped(16), "coarse.stl")
    shaped_file(model, varied_solid(8), "something else.stl")

    assert groups(alice, "same_shape") == []
    [group] = groups(alice, "looks_alike")

    assert (group.evidence, names(group)) == (Evidence.LOOKS_ALIKE, ["fine.stl", "coarse.stl"])
    assert group.spare_bytes == 0


def test_symmetric_solids_of_many_sizes_are_no_duplicates(alice: User, model: Model3D) -> None:
    for size in (5, 10, 20, 40):
        shaped_file(model, cube(size), f"cube {size}.stl")
        shaped_file(model, sphere(size), f"ball {size}.stl")
        shaped_file(model, cube(size) * (1, 2, 3), f"brick {size}.stl")

    assert groups(alice, "same_shape") == groups(alice, "looks_alike") == []

    shaped_file(model, turned(cube(20), 2), "cube turned.stl")

    assert [names(group) for group in groups(alice, "same_shape")] == [["cube 20.stl", "cube turned.stl"]]


def test_a_part_of_several_kits_is_shared_and_nothing_of_it_is_spare(alice: User, library: Library) -> None:
    for number in range(3):
        kit = Model3DFactory(library=library, name=f"Kit {number}")
        shaped_file(kit, varied_solid(1), "knob.stl")
        shaped_file(kit, varied_solid(10 + number), "body.stl")

    [group] = groups(alice, "same_file")

    assert (group.is_shared_part, group.model_count, group.spare_bytes) == (True, 3, 0)


def test_a_whole_folder_that_was_copied_is_no_kit(alice: User, library: Library) -> None:
    for name in ("Lamp", "Lamp (copy)"):
        lamp = Model3DFactory(library=library, name=name)
        shaped_file(lamp, varied_solid(1), "shade.stl")
        shaped_file(lamp, varied_solid(2), "foot.stl")

    found = groups(alice, "same_file")

    assert [(group.is_shared_part, group.spare_bytes > 0) for group in found] == [(False, True)] * 2


def test_copies_inside_archives_are_shown_but_not_spare(alice: User, model: Model3D) -> None:
    archive = ModelFileFactory(model=model, relative_path="all.zip", extension="zip")
    shaped_file(model, varied_solid(1), "part.stl")
    shaped_file(model, varied_solid(1), "all.zip/part.stl", archive=archive)

    [group] = groups(alice, "same_file")

    assert (group.file_count, group.spare_bytes) == (2, 0)


def test_pages_follow_one_another_largest_first(alice: User, library: Library) -> None:
    sizes = {}
    for number in (3, 4, 5, 6, 7):
        model_with(varied_solid(number), library, f"a{number}")
        sizes[model_with(varied_solid(number), library, f"b{number}").files.get().size_bytes] = number

    seen, after = [], ""
    while True:
        page = groups_for(audience_of(alice), "same_file", after=after, limit=2)
        seen += [group.twins[0].file.size_bytes for group in page.groups]
        after = page.next
        if not after:
            break

    assert len(seen) == 5
    assert seen == sorted(seen, reverse=True)
    with pytest.raises(BadCursor):
        groups_for(audience_of(alice), "same_shape", after="nonsense")


def test_what_a_stranger_may_not_see_is_no_duplicate_for_them(
    alice: User, bob: User, charlie: User, library: Library, shared_library: Library
) -> None:
    model_with(varied_solid(1), library, "open")
    model_with(varied_solid(1), shared_library, "hidden")
    model_with(turned(varied_solid(1), 2), shared_library, "hidden and turned")

    assert len(groups(alice, "same_file")) == len(groups(bob, "same_file")) == 1
    assert len(groups(bob, "same_shape")) == 1
    assert groups(charlie, "same_file") == groups(charlie, "same_shape") == []


def test_sensitive_models_are_left_out_for_who_hides_them(alice: User, library: Library) -> None:
    model_with(varied_solid(1), library, "seen")
    Model3D.objects.filter(pk=model_with(varied_solid(1), library, "unseen").pk).update(is_sensitive=True)
    alice.sensitive_models = "hide"

    assert groups(alice, "same_file") == []


def test_missing_files_are_no_duplicates(alice: User, library: Library) -> None:
    model_with(varied_solid(1), library, "here")
    gone = model_with(varied_solid(1), library, "gone")
    gone.files.update(missing_since="2026-01-01T00:00Z")

    assert groups(alice, "same_file") == []


def test_what_was_told_apart_stays_apart_after_another_analysis(alice: User, model: Model3D) -> None:
    shaped_file(model, varied_solid(1), "a.stl")
    shaped_file(model, varied_solid(1) * 2, "b.stl")
    [group] = groups(alice, "same_shape")

    assert say_not_duplicates([twin.file for twin in group.twins], said_by=alice) == 1
    assert groups(alice, "same_shape") == []
    reanalyze(ModelFile.objects.all())
    ModelFile.objects.update(shape=None, relative_path=Concat(Value("moved/"), "relative_path"))
    forget_unused_shapes()
    settle_shapes()

    assert groups(alice, "same_shape") == []
    assert NotDuplicate.objects.get().said_by == alice
    assert take_back([twin.file for twin in group.twins]) == 1
    assert len(groups(alice, "same_shape")) == 1


def test_one_that_was_told_apart_from_all_others_leaves_the_group(alice: User, model: Model3D) -> None:
    files = [shaped_file(model, varied_solid(1) * size, f"{size}.stl") for size in (1, 2, 3)]
    say_not_duplicates([files[0], files[2]], said_by=alice)
    [group] = groups(alice, "same_shape")
    assert len(group.twins) == 3

    say_not_duplicates([files[1], files[2]], said_by=alice)
    [group] = groups(alice, "same_shape")

    assert (names(group), group.file_count) == (["1.stl", "2.stl"], 2)


def test_copies_that_have_their_place_are_shown_no_more(alice: User, library: Library) -> None:
    copies = [model_with(varied_solid(1), library, name).files.get() for name in ("a", "b")]

    say_not_duplicates(copies, said_by=alice)
    model_with(varied_solid(1), library, "c")

    assert groups(alice, "same_file") == []


def test_telling_lookalikes_apart_leaves_their_own_copies_together(alice: User, model: Model3D) -> None:
    shaped_file(model, _bumped(24), "fine.stl")
    shaped_file(model, turned(_bumped(24), 1), "fine turned.stl")
    shaped_file(model, _bumped(16), "coarse.stl")
    [group] = groups(alice, "looks_alike")

    say_not_duplicates([twin.file for twin in group.twins], said_by=alice)

    assert groups(alice, "looks_alike") == []
    assert len(groups(alice, "same_shape")) == 1


def test_saying_it_twice_is_the_same_as_once(alice: User, model: Model3D) -> None:
    files = [shaped_file(model, varied_solid(1) * size, f"{size}.stl") for size in (1, 2)]

    assert [say_not_duplicates(files, said_by=alice) for _ in range(2)] == [1, 0]


def test_shapes_that_no_file_has_are_forgotten_and_others_kept(model: Model3D) -> None:
    small = shaped_file(model, varied_solid(1), "small.stl")
    shaped_file(model, varied_solid(1) * 2, "large.stl")
    other = shaped_file(model, varied_solid(2), "other.stl")
    small.delete()
    other.delete()

    assert forget_unused_shapes() == 1
    assert Shape.objects.count() == 2
    assert settle_shapes() == 0


def _bumped(rings: int) -> Float64:
    """A ball with a bump, as fine as it has rings."""
    ball = sphere(10.0, rings=rings)
    ball[..., 2] *= 1 + 0.5 * (ball[..., 2] > 0)
    ball[..., 0] += 0.03 * ball[..., 2] ** 2
    return ball
