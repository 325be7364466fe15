"""Lengths, areas and volumes in the units that each person prefers; guests see millimeters."""

from datetime import timedelta
from typing import Final

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from config.accounts.models import User
from config.sharing.models import ShareLink
from libraries.models import Library
from models3d.models import Model3D, Preview
from tests.factories import CollectionFactory, Model3DFactory, ModelFileFactory
from tests.integration.models3d.shaped import model_with
from tests.unit.models3d.varied import varied_solid

BOX: Final = {"size_x_mm": 186.4, "size_y_mm": 142.0, "size_z_mm": 38.25}
MILLIMETERS: Final = (
    *(">186 × 142 × 38.2 mm<", ">Size, mm<", "135 cm³", "94.3 cm²"),
    *(">0.84 mm<", "lowest at 25.4 mm", "8 cm³"),
)
INCHES: Final = (
    *(">7.34 × 5.59 × 1.51 in<", ">Size, in<", "8.23 in³", "14.62 in²"),
    *(">0.033 in<", "lowest at 1 in", "0.488 in³"),
)


@pytest.fixture
def tray(shared_library: Library) -> Model3D:
    model = Model3DFactory(library=shared_library, name="Tray", relative_path="Tray", cover_sha256="", **BOX)
    ModelFileFactory(
        model=model, relative_path="Tray/tray.stl", sha256="ab" * 32, analysis_state="done", is_watertight=True, **BOX,
        volume_mm3=134_812.0, area_mm2=94_310.0, bed_contact_mm2=9_431.0, thin_wall_mm=0.84, thinnest_wall_mm=0.84,
        island_count=1, island_at_mm=[0.0, 0.0, 25.4], support_volume_mm3=8_000.0,
        parts=[{"name": one, "triangle_count": 12, "volume_mm3": 1.0, "is_watertight": True, **BOX} for one in "ab"],
    )  # fmt: skip
    Preview.objects.create(sha256="ab" * 32, form=Preview.Form.LIGHT_MESH, version=1, size_bytes=1)
    return model


def prefer_inches(*people: User) -> None:
    for person in people:
        person.units = User.Units.INCHES
        person.save(update_fields=["units"])


def page(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("units", ["mm", "in"])
def test_the_page_of_a_model_speaks_one_unit(as_bob: Client, bob: User, tray: Model3D, units: str) -> None:
    User.objects.filter(pk=bob.pk).update(units=units)

    shown = page(as_bob, tray.get_absolute_url())

    said, unsaid = (MILLIMETERS, INCHES) if units == "mm" else (INCHES, MILLIMETERS)
    assert [words for words in said if words not in shown] == []
    assert [words for words in unsaid if words in shown] == []
    assert f'units="{units}"' in shown


def test_the_same_card_is_shown_to_each_person_in_their_units(
    as_alice: Client, as_bob: Client, bob: User, tray: Model3D
) -> None:
    prefer_inches(bob)

    for _ in range(2):  # cards are remembered
        assert "186 × 142 × 38.2<" in page(as_alice, "/")
        assert "7.34 × 5.59 × 1.51 in<" in page(as_bob, "/")


def test_cards_of_models_like_this_one_follow(as_bob: Client, bob: User, shared_library: Library) -> None:
    model = model_with(varied_solid(2), shared_library, "hook")
    other = model_with(varied_solid(2), shared_library, "hook again")
    Model3D.objects.filter(pk=other.pk).update(**BOX)
    prefer_inches(bob)

    assert "7.34 × 5.59 × 1.51 in<" in page(as_bob, reverse("models3d:similar", args=[model.pk]))


def test_guests_see_millimeters_whatever_the_sharer_prefers(erin: User, tray: Model3D) -> None:
    prefer_inches(erin)
    collection = CollectionFactory()
    tray.collections.add(collection)
    ends = timezone.now() + timedelta(days=1)
    link = ShareLink.objects.create(collection=collection, created_by=erin, expires_at=ends)

    assert "186 × 142 × 38.2<" in page(Client(), link.get_absolute_url())
    assert "186 × 142 × 38.2 mm<" in page(Client(), f"{link.get_absolute_url()}models/{tray.pk}/")


def test_searches_say_their_units_themselves(as_bob: Client, bob: User, tray: Model3D) -> None:
    prefer_inches(bob)

    assert ">Tray<" in page(as_bob, "/?q=size:>180mm")
    assert ">Tray<" in page(as_bob, "/?q=size:>7in")
    assert ">Tray<" not in page(as_bob, "/?q=size:>8in")
    assert ">Tray<" in page(as_bob, "/?q=size:>8")
