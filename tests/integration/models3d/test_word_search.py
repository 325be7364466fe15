"""Word search: what is typed finds what a person means."""

import pytest
from django.http import QueryDict

from libraries.models import Library
from models3d.filters import BrowseFilters
from models3d.models import Model3D
from tests.factories import LibraryFactory, Model3DFactory


@pytest.fixture
def models(db: None) -> None:
    library: Library = LibraryFactory()
    for name, more in {
        "Forest dragon": {"notes": "prints without supports"},
        "Größere Vase": {"creator_words": "José Núñez"},
        "dragonHead_v2": {"tag_words": "print in place"},
        "Tool holders": {"file_words": "tools/left-holder_3x2.stl"},
    }.items():
        Model3DFactory(library=library, name=name, **more)


def found(typed: str) -> set[str]:
    query = QueryDict(mutable=True)
    query["q"] = typed
    models = BrowseFilters.from_query(query).apply(Model3D.objects.all(), user=None)
    return set(models.values_list("name", flat=True))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("dragon", {"Forest dragon", "dragonHead_v2"}),
        ("drag", {"Forest dragon", "dragonHead_v2"}),
        ("drag ", set()),
        ("DRAGON head", {"dragonHead_v2"}),
        ("dragonHead_v2.stl", set()),
        ("dragonHead_v2", {"dragonHead_v2"}),
        ("grossere vase", {"Größere Vase"}),
        ("größere", {"Größere Vase"}),
        ("nunez", {"Größere Vase"}),
        ("holder", {"Tool holders"}),
        ("left-holder_3x2.stl", {"Tool holders"}),
        ("3x2", {"Tool holders"}),
        ('"in place"', {"dragonHead_v2"}),
        ('"place print"', set()),
        ("dragon -forest", {"dragonHead_v2"}),
        ("forest OR vase", {"Forest dragon", "Größere Vase"}),
        ("(forest OR vase) -dragon", {"Größere Vase"}),
        ("-(forest OR vase)", {"dragonHead_v2", "Tool holders"}),
        ("supports", {"Forest dragon"}),
        ("the", {"Forest dragon", "Größere Vase", "dragonHead_v2", "Tool holders"}),
        ("the dragon", {"Forest dragon", "dragonHead_v2"}),
        ("unicorn", set()),
    ],
)
def test_words_find_models(models: None, typed: str, expected: set[str]) -> None:
    assert found(typed) == expected
