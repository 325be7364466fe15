"""Printers: each person has their own; the default one tells what fits, on cards, on the model's page and in searches."""

import pytest
from django.test import Client

from config.accounts.models import User
from libraries.models import Library
from models3d.models import Model3D, Printer
from models3d.prints.printers import MOST_PRINTERS, bed_of, default_printer
from tests.factories import Model3DFactory, ModelFileFactory, PrinterFactory

FIGURES = {"name": "Garage", "bed_x_mm": "300", "bed_y_mm": "300.5", "bed_z_mm": "400", "nozzle_mm": "0.4"}


def sized(name: str, x: float, y: float, z: float, **columns: object) -> Model3D:
    """A model of one mesh of this size."""
    size = {"size_x_mm": x, "size_y_mm": y, "size_z_mm": z}
    model = Model3DFactory(name=name, **size, **columns)
    ModelFileFactory(model=model, analysis_state="done", **size)
    return model


def names(client: Client, query: str) -> set[str]:
    items = client.get(f"/api/v1/models{query}").json()["items"]
    return {item["name"] for item in items}


def test_a_printer_is_added_by_its_figures(as_bob: Client, bob: User) -> None:
    as_bob.post("/printers/", FIGURES)

    printer = Printer.objects.get(user=bob)
    assert (printer.name, printer.bed_y_mm, printer.nozzle_mm) == ("Garage", 300.5, 0.4)
    assert "300 × 300 × 400 mm" in as_bob.get("/printers/").content.decode()


def test_a_usual_printer_is_added_by_its_name(as_bob: Client, bob: User) -> None:
    as_bob.post("/printers/add/", {"printer": "Prusa MK4"})

    assert bed_of(bob).sides_mm == (210, 220, 250)


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "x" * 101},
        {"name": "a\x00b"},
        {"bed_x_mm": "0"},
        {"bed_y_mm": "-5"},
        {"bed_z_mm": "nan"},
        {"bed_x_mm": "inf"},
        {"bed_x_mm": "1e400"},
        {"bed_y_mm": "20000"},
        {"nozzle_mm": "9"},
    ],
)
def test_wrong_figures_are_told_and_nothing_is_kept(as_bob: Client, bob: User, wrong: dict[str, str]) -> None:
    response = as_bob.post("/printers/", FIGURES | wrong)

    assert response.status_code == 200
    assert b"errorlist" in response.content
    assert not Printer.objects.filter(user=bob).exists()


def test_a_name_is_taken_once_and_an_unknown_usual_printer_is_told(as_bob: Client, bob: User) -> None:
    as_bob.post("/printers/", FIGURES)

    assert b"You already have a printer called" in as_bob.post("/printers/", FIGURES).content
    assert (
        b"Choose a printer of the list"
        in as_bob.post("/printers/add/", {"printer": "Pru"}, follow=True).content
    )
    assert Printer.objects.filter(user=bob).count() == 1


def test_there_is_an_end_to_adding_printers(as_bob: Client, bob: User) -> None:
    PrinterFactory.create_batch(MOST_PRINTERS, user=bob)

    assert b"Delete one first" in as_bob.post("/printers/", FIGURES).content


def test_the_printer_chosen_last_is_the_default(as_bob: Client, bob: User) -> None:
    first, second = PrinterFactory.create_batch(2, user=bob)
    assert default_printer(bob) == first

    as_bob.post(f"/printers/{second.pk}/choose/")
    assert default_printer(bob) == second

    as_bob.post(f"/printers/{second.pk}/delete/")
    assert default_printer(bob) == first


def test_a_printer_is_changed(as_bob: Client, bob: User) -> None:
    printer = PrinterFactory(user=bob)

    as_bob.post(f"/printers/{printer.pk}/", FIGURES)

    printer.refresh_from_db()
    assert (printer.name, printer.bed_z_mm) == ("Garage", 400)


def test_nobody_reaches_the_printer_of_another(as_charlie: Client, as_alice: Client, bob: User) -> None:
    printer = PrinterFactory(user=bob, name="Bob’s own")

    for client in (as_charlie, as_alice):
        assert client.get(f"/printers/{printer.pk}/").status_code == 404
        for what in ("", "choose/", "delete/"):
            assert client.post(f"/printers/{printer.pk}/{what}", FIGURES).status_code == 404
        assert "Bob’s own" not in client.get("/printers/").content.decode()
    assert Printer.objects.get() == printer


def test_the_page_says_of_each_file_how_it_fits(as_bob: Client, bob: User) -> None:
    model = sized("Kit", 170, 170, 190)
    ModelFileFactory(model=model, size_x_mm=190, size_y_mm=10, size_z_mm=10, analysis_state="done")
    ModelFileFactory(model=model, size_x_mm=212, size_y_mm=10, size_z_mm=10, analysis_state="done")
    address = model.get_absolute_url()
    assert "Fits turned" not in as_bob.get(address).content.decode()

    PrinterFactory(user=bob)

    shown = as_bob.get(address).content.decode()
    assert "Fits turned" in shown
    assert "12 mm too long" in shown


def test_the_viewer_has_the_bed_of_the_default_printer(as_bob: Client, bob: User) -> None:
    model = sized("Kit", 1, 2, 3)
    model.files.update(sha256="ab" * 32)
    PrinterFactory(user=bob, bed_x_mm=218.8)

    context = as_bob.get(model.get_absolute_url()).context
    assert context is not None
    assert context["bed"] == "218.8,180"


def test_cards_of_what_is_too_large_say_so_to_who_has_a_printer(
    as_bob: Client, as_charlie: Client, bob: User
) -> None:
    sized("Mast", 10, 10, 300)
    sized("Hull", 10, 10, 190)
    PrinterFactory(user=bob)

    assert as_bob.get("/").content.decode().count("Too large") == 1
    assert "Too large" not in as_charlie.get("/").content.decode()


def test_searches_know_printers_by_name_and_mine(as_bob: Client, bob: User) -> None:
    sized("Coin", 30, 30, 3)
    sized("Frame", 240, 200, 10)
    sized("Mast", 10, 10, 300)
    assert names(as_bob, "?q=fits:mine") == {"Coin", "Frame"}

    PrinterFactory(user=bob, name="Attic")

    assert (
        names(as_bob, "?q=fits:mine")
        == names(as_bob, "?fits=mine")
        == names(as_bob, "?q=fits:attic")
        == {"Coin"}
    )
    assert names(as_bob, '?q=fits:"Prusa MK4"') == {"Coin", "Frame"}
    assert names(as_bob, '?q=-fits:"Prusa MK4"') == {"Mast"}


def test_the_printers_of_others_are_unknown_to_searches(as_charlie: Client, bob: User) -> None:
    sized("Coin", 30, 30, 3)
    PrinterFactory(user=bob, name="Attic")

    page = as_charlie.get("/?q=coin+OR+fits:attic").content.decode()
    answer = as_charlie.get("/api/v1/models?q=-fits:attic")

    assert "No printer is called “attic”" in page
    assert (answer.status_code, "No printer is called" in answer.json()["detail"]) == (400, True)


def test_fits_my_printer_is_a_choice_of_the_rail_with_a_chip(as_bob: Client, shared_library: Library) -> None:
    sized("Coin", 30, 30, 3, library=shared_library)

    page = as_bob.get("/?fits=mine").content.decode()

    assert page.count("Fits my printer") >= 2
    assert "Coin" in page
