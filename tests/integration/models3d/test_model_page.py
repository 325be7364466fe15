"""The page of a model: address, files, viewer, problems, notes, and who may see it."""

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from libraries.models import Library
from models3d.models import Model3D, ModelFile, Preview
from tests.factories import LibraryFactory, Model3DFactory, ModelFileFactory


def page(client: Client, model: Model3D, query: str = "") -> str:
    response = client.get(model.get_absolute_url() + query)
    assert response.status_code == 200
    return response.content.decode()


def pictured(model: Model3D, name: str, content: str, **facts: object) -> ModelFile:
    """A file whose picture and light mesh are made. `content`: two hex digits that stand for its bytes."""
    sha256 = content * 32
    for form in Preview.Form.values:
        Preview.objects.get_or_create(sha256=sha256, form=form, defaults={"version": 1, "size_bytes": 1})
    return ModelFileFactory(
        model=model, relative_path=f"{model.relative_path}/{name}", sha256=sha256, **facts
    )


def test_an_old_name_in_the_address_leads_to_the_new_one(as_alice: Client) -> None:
    model = Model3DFactory(name="Größe & Co")

    for address in (f"/models/{model.pk}/", f"/models/{model.pk}/old-name/?file=3"):
        response = as_alice.get(address)
        assert response.status_code == 302
        assert response["Location"].startswith(f"/models/{model.pk}/grosse-co/")
    assert response["Location"].endswith("?file=3")


def test_a_stranger_finds_nothing(as_charlie: Client, as_bob: Client, shared_library: Library) -> None:
    model = Model3DFactory(library=shared_library)

    assert as_charlie.get(model.get_absolute_url()).status_code == 404
    assert as_charlie.get(f"/models/{model.pk}/").status_code == 404
    assert as_bob.get(model.get_absolute_url()).status_code == 200
    assert Client().get(model.get_absolute_url()).status_code == 302


def test_numbers_of_no_model_are_not_found(as_alice: Client) -> None:
    for pk in ("0", "9223372036854775808", "9" * 30):
        assert as_alice.get(f"/models/{pk}/x/").status_code == 404


def test_the_viewer_shows_the_largest_mesh_or_the_one_asked_for(as_alice: Client) -> None:
    model = Model3DFactory()
    small = pictured(model, "small.stl", "aa", area_mm2=10.0, triangle_count=100)
    pictured(model, "large.stl", "bb", area_mm2=1000.0, triangle_count=100)

    assert f'src="/previews/{"bb" * 32}/mesh.glb?v=1"' in page(as_alice, model)
    assert f'src="/previews/{"aa" * 32}/mesh.glb?v=1"' in page(as_alice, model, f"?file={small.pk}")
    assert 'bed="220,220"' in page(as_alice, model)


@pytest.mark.parametrize("asked", ["0", "x", "-1", "9" * 40, "%00", "１"])
def test_a_file_that_is_none_shows_the_usual_one(as_alice: Client, asked: str) -> None:
    model = Model3DFactory()
    pictured(model, "part.stl", "aa")
    foreign = pictured(Model3DFactory(), "foreign.stl", "bb")

    assert "mesh.glb" in page(as_alice, model, f"?file={asked}")
    assert "bb" * 32 not in page(as_alice, model, f"?file={foreign.pk}")


def test_a_model_without_pictures_says_whether_one_is_coming(as_alice: Client) -> None:
    waiting, done = Model3DFactory(), Model3DFactory()
    ModelFileFactory(model=waiting)
    ModelFileFactory(model=done, analysis_state="done", extension="step", kind="cad")

    assert "The picture is being made." in page(as_alice, waiting)
    assert "There is no picture of these files." in page(as_alice, done)


def test_numbers_of_a_mesh_are_shown_with_their_units(as_alice: Client) -> None:
    model = Model3DFactory(relative_path="Dragon")
    pictured(
        model,
        "STLs/body.stl",
        "aa",
        size_x_mm=186.4,
        size_y_mm=142.0,
        size_z_mm=38.25,
        volume_mm3=134_812.0,
        triangle_count=1_204_331,
        is_watertight=True,
        analysis_state="done",
    )

    shown = page(as_alice, model)

    for words in ("186 × 142 × 38.2 mm", "135 cm³", "1,204,331", "Watertight", "STLs · Mesh · 684 B"):
        assert words in shown


def test_problems_are_told_in_sentences(as_alice: Client) -> None:
    model = Model3DFactory(relative_path="Kit")
    ModelFileFactory(
        model=model,
        relative_path="Kit/broken.stl",
        analysis_state="failed",
        analysis_error="The file ends too early.",
    )
    ModelFileFactory(model=model, relative_path="Kit/open.stl", analysis_state="done", triangle_count=9, is_watertight=False,
                     boundary_edge_count=14)  # fmt: skip
    ModelFileFactory(model=model, relative_path="Kit/lost.stl", missing_since=timezone.now())

    shown = page(as_alice, model)

    assert "3 problems" in shown
    assert "The file ends too early." in shown
    assert "14 open edges" in shown


def test_nested_models_know_their_parents(as_alice: Client) -> None:
    library = LibraryFactory()
    outer = Model3DFactory(library=library, name="Kit", relative_path="Kits/Castle")
    inner = Model3DFactory(library=library, name="Gate", relative_path="Kits/Castle/Gate")
    Model3DFactory(name="Elsewhere", relative_path="Kits")

    trail = page(as_alice, inner).split('aria-label="Breadcrumb"')[1].split("</nav>")[0]

    assert outer.get_absolute_url() in trail
    assert "Elsewhere" not in trail


def test_a_model_of_thousands_of_files_is_read_in_pages(as_alice: Client) -> None:
    model = Model3DFactory(relative_path="Kit")
    for n in range(150):
        ModelFileFactory(model=model, relative_path=f"Kit/part {n:03}.stl")
    first = page(as_alice, model)
    query = first.split('href="?files_after=')[1].split('"')[0]

    more = as_alice.get(
        f"{model.get_absolute_url()}?files_after={query}", HTTP_HX_REQUEST="true"
    ).content.decode()

    assert "part 099.stl" in first and "part 100.stl" not in first
    assert "part 100.stl" in more and "part 149.stl" in more and "part 099.stl" not in more
    assert "<html" not in more
    assert "part 000.stl" in page(as_alice, model, "?files_after=nonsense")


def test_the_page_asks_no_more_for_thirty_files_than_for_three(
    as_alice: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    few, many = Model3DFactory(), Model3DFactory()
    for model, count in ((few, 3), (many, 30)):
        for n in range(count):
            pictured(model, f"part {n}.stl", f"{n:02}")

    def asked(model: Model3D) -> int:
        with django_assert_max_num_queries(16) as queries:
            page(as_alice, model)
        return len(queries)

    asked(few)
    assert asked(many) == asked(few)


def test_files_that_went_missing_are_kept_in_view_without_a_way_to_download(as_alice: Client) -> None:
    model = Model3DFactory(missing_since=timezone.now())
    file = ModelFileFactory(model=model, missing_since=timezone.now())

    shown = page(as_alice, model)

    assert "have not been there since" in shown
    assert f"/files/{file.pk}/" not in shown


@pytest.mark.parametrize(
    ("notes", "unwanted"),
    [
        ("<script>alert(1)</script>", "<script>alert"),
        ("<img src=x onerror=alert(1)>", "<img src=x"),
        ("[go](javascript:alert(1))", 'href="javascript'),
        ("[go](data:text/html,x)", 'href="data'),
        ("![spy](https://example.org/spy.png)", "spy.png"),
        ('[x](https://example.org "q\\" onclick=alert(1)")', '" onclick'),
        ("# Title", "<h1>Title"),
    ],
)
def test_notes_can_do_no_harm(as_alice: Client, notes: str, unwanted: str) -> None:
    assert unwanted not in page(as_alice, Model3DFactory(notes=notes))


def test_links_lead_to_pages_of_the_web_and_nowhere_else(as_alice: Client) -> None:
    links = ["https://www.example.org/orc?a=1&b=<i>", "javascript:alert(1)", "data:text/html,x", "//x", 7]

    shown = page(as_alice, Model3DFactory(links=links))

    assert 'href="https://www.example.org/orc?a=1&amp;b=&lt;i&gt;"' in shown
    assert ">example.org</a>" in shown
    assert "javascript:alert" not in shown and "data:text" not in shown


def test_names_of_files_are_shown_as_text(as_alice: Client) -> None:
    model = Model3DFactory(name="<b>x</b>", relative_path="<i>")
    pictured(model, "<script>alert(1)</script>.stl", "aa")
    ModelFileFactory(model=model, relative_path="<i>/caf\U0010ffe9\n\u202elts.exe")

    shown = page(as_alice, model)

    assert "<script>alert" not in shown and "<b>x" not in shown
    assert "caf\\xe9\\x0a\\u202elts.exe" in shown


def test_the_parts_of_a_file_are_listed_under_it(as_alice: Client) -> None:
    model = Model3DFactory()
    part = {"name": "Lid <1>", "triangle_count": 1200, "size_x_mm": 10.0, "size_y_mm": 20.0, "size_z_mm": 3.0,
            "area_mm2": 5.0, "volume_mm3": 600.0, "is_watertight": False}  # fmt: skip
    pictured(model, "kit.3mf", "aa", parts=[part, part | {"name": "", "is_watertight": True}])
    pictured(model, "lid.stl", "bb", parts=[part])

    shown = page(as_alice, model)

    assert "2 parts" in shown and "1 parts" not in shown
    assert "Lid &lt;1&gt;" in shown and "10 × 20 × 3" in shown and "≈ 0.6 cm³" in shown and "Unnamed" in shown
