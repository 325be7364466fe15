"""Fields of the search box find what their numbers, names and words say, in the libraries that one may see."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils import timezone

from collections_app.models import Collection
from config.accounts.models import User
from libraries.models import Library
from models3d.filters import BrowseFilters
from models3d.models import Mark, Model3D
from tests.factories import (
    CreatorFactory,
    LibraryFactory,
    Model3DFactory,
    ModelFileFactory,
    ProblemFactory,
    TagFactory,
)


def found(typed: str, user: User | None = None) -> set[str]:
    """The names of the models that a search finds."""
    query = QueryDict(mutable=True)
    query["q"] = typed
    filters = BrowseFilters.from_query(query)
    assert filters.complaints == (), typed
    return set(filters.apply(Model3D.objects.all(), user=user).values_list("name", flat=True))


def kit(name: str, *files: dict[str, Any], **columns: Any) -> Model3D:
    """A model with files of these facts."""
    model = Model3DFactory(name=name, **columns)
    for facts in files:
        ModelFileFactory(model=model, **facts)
    return model


@pytest.fixture
def shelf(db: None) -> None:
    library = LibraryFactory(name="Workshop")
    plate = {
        "size_x_mm": 210.0,
        "size_y_mm": 20.0,
        "size_z_mm": 3.0,
        "volume_mm3": 12_600.0,
        "area_mm2": 9780.0,
    }
    pin = {"size_x_mm": 5.0, "size_y_mm": 5.0, "size_z_mm": 40.0, "volume_mm3": 785.0, "area_mm2": 667.0}
    vase = kit(
        "Vase",
        pin | {"size_z_mm": 180.0, "triangle_count": 2_000_000, "body_count": 1, "sha256": "ab12" * 16},
        library=library,
        license="CC-BY-4.0",
        formats=["3mf", "png"],
        notes="Print slowly",
        size_x_mm=5.0,
        size_y_mm=5.0,
        size_z_mm=180.0,
        is_watertight=True,
        creator=CreatorFactory(name="Fates End"),
        file_words="decor/tall_vase vase.3mf",
        tag_words="low poly",
    )
    vase.tags.add(TagFactory(name="Low poly"))
    kit(
        "Frame",
        plate
        | {"triangle_count": 12, "body_count": 2, "overhang_45_mm2": 978.0, "estimated_filament_grams": 15.0},
        pin | {"triangle_count": 400, "body_count": 1, "overhang_45_mm2": 0.0},
        formats=["stl"],
        size_x_mm=210.0,
        size_y_mm=20.0,
        size_z_mm=3.0,
        is_watertight=False,
        is_sensitive=True,
        total_bytes=2_000_000_000,
        file_count=2,
    )
    sliced = {"kind": "sliced", "extension": "gcode", "material": "PETG", "printer_name": "Prusa MK4"}
    kit(
        "Plate",
        sliced
        | {"slicer": "OrcaSlicer 2.1", "layer_height_mm": 0.2, "print_seconds": 5400, "filament_grams": 40.0},
        formats=["gcode"],
    )


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("x:>20cm", {"Frame"}),
        ("z:180", {"Vase"}),
        ("z:30..50mm", {"Frame"}),
        ("size:<200mm", {"Vase"}),
        ("-size:<200mm", {"Frame", "Plate"}),
        ("volume:>5cm3", {"Frame"}),
        ("area:<10cm2", {"Vase", "Frame"}),
        ("triangles:>1M", {"Vase"}),
        ("triangles:<1k", {"Frame"}),
        ("bodies:2", {"Frame"}),
        # Of one and the same file: the plate has two bodies, the pin is narrow.
        ("bodies:2 x:<10", set()),
        ("bodies:1 x:<10", {"Vase", "Frame"}),
        ("overhang:>5%", {"Frame"}),
        ("grams:<20", {"Frame"}),
        ("grams:>20g", {"Plate"}),
        ("layer:0.2", {"Plate"}),
        ("time:<2h", {"Plate"}),
        ("material:petg", {"Plate"}),
        ("printer:mk4", {"Plate"}),
        ('printer:"MK4"', set()),
        ("slicer:orca", {"Plate"}),
        ("watertight:yes", {"Vase"}),
        ("watertight:no", {"Frame"}),
        ("sensitive:yes", {"Frame"}),
        ("bytes:>1GB", {"Frame"}),
        ("files:2", {"Frame"}),
        ('tag:"low poly"', {"Vase"}),
        ("tag:low ", set()),
        ("tag:low*", {"Vase"}),
        ("tag:lo", {"Vase"}),
        ("creator:fates", {"Vase"}),
        ("library:work", {"Vase"}),
        ("licence:cc-by", {"Vase"}),
        ("licence:none", {"Frame", "Plate"}),
        ("path:tall_vase", {"Vase"}),
        ("path:decor/tall", {"Vase"}),
        ("path:decor\\tall", set()),
        ("has:3mf", {"Vase"}),
        ("ext:STL", {"Frame"}),
        ("has:sliced", {"Plate"}),
        ("has:notes", {"Vase"}),
        ("-has:notes", {"Frame", "Plate"}),
        ("has:tags", {"Vase"}),
        ("has:creator", {"Vase"}),
        ("hash:ab12ab12", {"Vase"}),
        ("fits:220x220x250", {"Vase", "Frame"}),
        ("fits:190x10x10", {"Vase"}),
        ("fits:3x20x210", set()),
        ("vase watertight:yes", {"Vase"}),
        ("frame watertight:yes", set()),
        ("vase OR bodies:2", {"Vase", "Frame"}),
        ("-(vase OR bodies:2)", {"Plate"}),
        ("triangles:<99999999999999", {"Vase", "Frame"}),
        ("rating:<99999999999999", set()),
    ],
)
def test_fields_find_models(shelf: None, typed: str, expected: set[str]) -> None:
    assert found(typed) == expected


def test_days_and_ages_find_by_when_models_were_added(db: None) -> None:
    now = timezone.now()
    Model3DFactory(name="Old", added_at=timezone.make_aware(datetime(2024, 5, 31, 12)))
    Model3DFactory(name="New", added_at=now - timedelta(days=2))

    assert found("added:2024-05") == {"Old"}
    assert found("added:<=2024-05-31") == {"Old"}
    assert found("added:>2024-05") == {"New"}
    assert found("added:7d") == {"New"}
    assert found("added:>7d") == {"Old"}
    assert found("added:0001..") == {"Old", "New"}


def test_a_collection_holds_what_is_below_it(db: None) -> None:
    top = Collection.objects.create(name="Tabletop")
    below = Collection.objects.create(name="100% orcs", parent=top)
    Model3DFactory(name="Orc").collections.add(below)
    Model3DFactory(name="Vase")

    assert found("collection:table") == {"Orc"}
    assert found('collection:"100% orcs"') == {"Orc"}
    assert found("collection:0%o") == set()
    assert found("has:collection") == {"Orc"}


def test_files_in_archives_are_found_by_the_kind_of_archive(db: None) -> None:
    model = Model3DFactory(name="Pack")
    archive = ModelFileFactory(model=model, kind="archive", extension="zip", relative_path="pack.zip")
    ModelFileFactory(model=model, archive=archive, relative_path="pack.zip//a.stl")
    Model3DFactory(name="Loose")

    assert found("in:zip") == {"Pack"}
    assert found("in:archive") == {"Pack"}
    assert found("in:rar") == set()
    assert found("-in:archive") == {"Loose"}


def test_problems_are_found_while_they_are_open(db: None) -> None:
    ProblemFactory(file__model__name="Leaky")
    ProblemFactory(file__model__name="Forgiven", ignored_at=timezone.now())
    Model3DFactory(name="Fine")

    assert found("problem:not_watertight") == {"Leaky"}
    assert found("problem:any") == {"Leaky"}
    assert found("-has:problems") == {"Forgiven", "Fine"}
    assert found("problem:missing") == set()


def test_favourites_and_ratings_are_those_of_the_person_who_looks(alice: User, bob: User) -> None:
    Mark.objects.create(user=alice, model=Model3DFactory(name="Dragon"), is_favorite=True, rating=5)
    Mark.objects.create(user=bob, model=Model3DFactory(name="Vase"), is_favorite=True, rating=2)

    assert found("favourite:yes", alice) == {"Dragon"}
    assert found("favourite:no", bob) == {"Dragon"}
    assert found("rating:>=4", alice) == {"Dragon"}
    assert found("rating:>=4", bob) == set()


def test_missing_files_fulfill_nothing(db: None) -> None:
    kit("Gone", {"size_x_mm": 10.0, "missing_since": timezone.now()})

    assert found("x:10") == set()


@pytest.mark.parametrize(
    "typed",
    [
        "(" * 400,
        "-" * 401 + "a",
        "x:<1e9",
        "x:>" + "9" * 15 + "m",
        " ".join(["x:<5"] * 100),
        "tag:% creator:_ library:\\ collection:%",
        "tag:* creator:** licence:*",
        "hash:" + "a" * 64,
        "path:\x00",
        "added:0001 added:9998-12-31",
        "fits:0x0x0 triangles:0..",
        "\u202e has:3mf",
    ],
)
def test_hostile_searches_are_answered(as_alice: Client, typed: str) -> None:
    for address in ("/", "/facets/"):
        assert as_alice.get(address, {"q": typed}).status_code == 200


def test_the_page_says_where_a_search_could_not_be_read(as_alice: Client) -> None:
    Model3DFactory(name="Red vase", library__scanned_at=timezone.now())

    page = as_alice.get("/", {"q": "red size:<5parsec"}).content.decode()

    assert "“parsec” is not a unit of this." in page
    assert re.search(r">red <mark[^>]*>size:&lt;5parsec</mark>", page)
    assert "Red vase" in page


def test_a_stranger_finds_nothing_of_a_hidden_library_by_any_field(
    as_bob: Client, as_charlie: Client, shared_library: Library
) -> None:
    model = kit("Dragon", {"size_x_mm": 10.0, "sha256": "ab12" * 16}, library=shared_library, formats=["stl"])
    model.tags.add(TagFactory(name="secret"))

    for typed in ("x:10", "tag:secret ", "library:minis", "hash:ab12ab12", "has:stl", "-has:notes OR x:10"):
        assert "Dragon" in as_bob.get("/", {"q": typed}).content.decode(), typed
        assert "Dragon" not in as_charlie.get("/", {"q": typed}).content.decode(), typed
