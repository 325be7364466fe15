"""The grid: pages by cursor, orders, facets, what it says where it is empty, and what it makes of nonsense."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from config.accounts.models import User
from libraries.models import Library
from models3d.derived import recount_tags_and_creators, refresh_libraries
from models3d.models import Model3D
from tests.factories import CreatorFactory, LibraryFactory, Model3DFactory, ModelFileFactory, TagFactory

GRID = "/"
HTMX = {"HX-Request": "true"}


def names(page: str) -> list[str]:
    """The names on the cards of a page, in order."""
    return re.findall(r'<h2><a href="[^"]+" title="([^"]*)"', page)


def next_address(page: str) -> str:
    """Where the next page is, empty at the end."""
    found = re.search(r'<li class="sentinel" hx-get="([^"]+)"', page)
    return found[1].replace("&amp;", "&") if found else ""


def walk(client: Client, address: str) -> list[str]:
    """The names on all pages from `address` on."""
    found = []
    while address:
        page = client.get(address).content.decode()
        found += names(page)
        address = next_address(page)
    return found


@pytest.fixture
def library(db: None) -> Library:
    return LibraryFactory(scanned_at=timezone.now())


@pytest.fixture
def small_pages(alice: User) -> None:
    alice.page_size = 12
    alice.save(update_fields=["page_size"])


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("newest", [f"Part {n}" for n in range(30, 0, -1)]),
        ("name", [f"Part {n}" for n in range(1, 31)]),
        ("largest", [f"Part {n}" for n in [*range(20, 0, -1), *range(30, 20, -1)]]),
        ("bytes", [f"Part {n}" for n in range(1, 31)]),
        ("relevance", [f"Part {n}" for n in range(30, 0, -1)]),
    ],
)
def test_every_order_shows_each_model_once_over_all_pages(
    as_alice: Client, small_pages: None, library: Library, sort: str, expected: list[str]
) -> None:
    for n in range(1, 31):
        Model3DFactory(
            library=library, name=f"Part {n}", total_bytes=1000 - n, size_x_mm=n if n <= 20 else None
        )

    assert walk(as_alice, f"/?sort={sort}") == expected


def test_models_added_in_one_moment_are_not_skipped_between_pages(
    as_alice: Client, small_pages: None, library: Library
) -> None:
    moment = timezone.now()
    for n in range(30):
        Model3DFactory(library=library, name=f"Part {n}", added_at=moment)

    assert sorted(walk(as_alice, GRID)) == sorted(f"Part {n}" for n in range(30))


def test_relevance_goes_on_over_pages(as_alice: Client, small_pages: None, library: Library) -> None:
    for n in range(20):
        Model3DFactory(library=library, name=f"Dragon {n}" if n < 5 else f"Box {n}", notes="a dragon")

    found = walk(as_alice, "/?q=dragon&sort=relevance")

    assert sorted(found[:5]) == [f"Dragon {n}" for n in range(5)]
    assert len(found) == len(set(found)) == 20


def test_htmx_gets_the_results_alone_and_the_clean_address(as_alice: Client, library: Library) -> None:
    Model3DFactory(library=library, name="Dragon")

    response = as_alice.get("/?q=dragon&sort=newest", headers=HTMX)

    assert names(response.content.decode()) == ["Dragon"]
    assert b"<html" not in response.content
    assert response["HX-Push-Url"] == "/?q=dragon"
    assert "HX-Request" in response["Vary"]


def test_back_in_the_browser_gets_the_whole_page(as_alice: Client, library: Library) -> None:
    response = as_alice.get("/?q=dragon", headers=HTMX | {"HX-History-Restore-Request": "true"})

    assert b"<html" in response.content


def test_the_next_page_by_htmx_is_cards_alone(as_alice: Client, small_pages: None, library: Library) -> None:
    for n in range(13):
        Model3DFactory(library=library, name=f"Part {n}")
    address = next_address(as_alice.get(GRID).content.decode())

    response = as_alice.get(address, headers=HTMX)

    assert names(response.content.decode()) == ["Part 0"]
    assert b"Active filters" not in response.content
    assert "HX-Push-Url" not in response


def test_a_stranger_sees_neither_models_nor_choices_nor_counts_of_a_hidden_library(
    as_charlie: Client, as_bob: Client, shared_library: Library
) -> None:
    secret = Model3DFactory(
        library=shared_library, name="Secret dragon", creator=CreatorFactory(name="Mallory")
    )
    secret.tags.add(tag := TagFactory(name="classified"))
    refresh_libraries([shared_library.pk])
    recount_tags_and_creators()
    address = f"?q=dragon&library={shared_library.pk}&tag={tag.pk}&creator={secret.creator_id}"

    seen = [
        as_charlie.get(path).content.decode()
        for path in ("/", "/" + address, "/facets/", "/facets/" + address)
    ]

    for word in ("Secret", "Minis", "classified", "Mallory"):
        assert word not in "".join(seen)
    assert names(as_bob.get("/" + address).content.decode()) == ["Secret dragon"]
    assert "classified" in as_bob.get("/facets/").content.decode()


def test_facets_narrow_by_library_type_tag_and_creator(as_alice: Client, library: Library) -> None:
    tag, other = TagFactory(name="toy"), TagFactory(name="big")
    both = Model3DFactory(
        library=library, name="Both", formats=["3mf", "stl"], creator=CreatorFactory(name="Ada")
    )
    both.tags.add(tag, other)
    one = Model3DFactory(name="One", formats=["obj"])
    one.tags.add(tag)

    def shown(query: str) -> list[str]:
        return sorted(names(as_alice.get(f"/?{query}").content.decode()))

    assert shown(f"library={library.pk}") == ["Both"]
    assert shown("type=3mf") == ["Both"]
    assert shown("type=obj&type=3MF") == ["Both", "One"]
    assert shown(f"tag={tag.pk}") == ["Both", "One"]
    assert shown(f"tag={tag.pk}&tag={other.pk}") == ["Both"]
    assert shown(f"creator={both.creator_id}") == ["Both"]


def test_facet_counts_come_from_counters_or_from_the_matches(as_alice: Client, library: Library) -> None:
    tag = TagFactory(name="toy")
    for n in range(3):
        Model3DFactory(library=library, name=f"Dragon {n}", formats=["stl"]).tags.add(tag)
    Model3DFactory(library=library, name="Box", formats=["obj"]).tags.add(tag)
    refresh_libraries([library.pk])
    recount_tags_and_creators()

    def counts(address: str) -> dict[str, str]:
        page = as_alice.get(address).content.decode()
        labels = re.findall(r'<span class="truncate">([^<]*)</span><small>([^<]*)</small>', page)
        return {label: number for label, number in labels if label not in {"Favourites", "Fits my printer"}}

    assert counts("/") == {library.name: "4", "STL": "3", "OBJ": "1", "toy": "4"}
    assert counts("/facets/?q=dragon") == {library.name: "3", "STL": "3", "toy": "3"}
    assert counts("/facets/?type=obj") == {library.name: "1", "STL": "3", "OBJ": "1", "toy": "1"}
    assert set(counts("/?q=dragon").values()) == {""}


def test_a_chip_takes_its_choice_back(as_alice: Client, library: Library) -> None:
    tag = TagFactory(name="toy")

    page = as_alice.get(f"/?q=dragon&type=stl&tag={tag.pk}").content.decode()

    assert 'href="/?q=dragon&amp;type=stl" aria-label="Remove tag toy"' in page
    assert f'href="/?q=dragon&amp;tag={tag.pk}" aria-label="Remove type STL"' in page


@pytest.mark.parametrize(
    "query",
    [
        "sort=cheapest",
        "library=abc&tag=-1&creator=99999999999999999999&tag=１",
        "library=9223372036854775807",
        "type=" + "x" * 5000,
        "type=%00&type=%0a",
        "q=" + "dragon " * 1500,
        "q=" + "(" * 900,
        "q=a%00b",
        "q=%27%27%3A*%20%26%20%21",
        "q=%22",
        "q=OR+OR+-",
        "q=the",
        "q=%5C%5C%27",
        "q=%F0%9F%90%89",
        "q=%ff%fe",
        "after=nonsense",
        "after=WzEsMl0",
        "after=WyIyMDI2IiwxXQ",
        "after=W251bGwsbnVsbF0",
        "after=" + "W" * 100_000,
        "after=WyJ4XHUwMDAweCIsMV0&sort=name",
        "after=WzFlOTk5LDFd&sort=largest",
        "after=W05hTiwxXQ&sort=largest",
        "sort=bytes&after=WzFlMzAwLDFd",
        "sort=bytes&after=WzEsOTk5OTk5OTk5OTk5OTk5OTk5OTk5XQ",
        "page=2&foo[]=bar&tag=1;drop",
        "&".join(f"tag={n}" for n in range(500)),
    ],
)
def test_nonsense_in_the_address_never_breaks_the_page(
    as_alice: Client, library: Library, query: str
) -> None:
    Model3DFactory(library=library, name="Dragon")

    for path in (GRID, "/facets/"):
        for headers in ({}, HTMX):
            assert as_alice.get(f"{path}?{query}", headers=headers).status_code == 200


def test_an_unreadable_order_and_place_are_told(as_alice: Client, library: Library) -> None:
    page = as_alice.get("/?sort=cheapest&after=nonsense").content.decode()

    assert "There is no order called “cheapest”" in page
    assert "The place to continue from is not readable." in page


@pytest.mark.parametrize("address", [GRID, "/?q=part", "/facets/?q=part"])
def test_the_page_asks_no_more_for_thirty_models_than_for_three(
    as_alice: Client, library: Library, address: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    def fill(count: int) -> None:
        for n in range(count):
            model = Model3DFactory(library=library, name=f"part {n} of {count}", creator=CreatorFactory())
            model.tags.add(TagFactory())

    def asked() -> int:
        with django_assert_max_num_queries(12) as queries:
            as_alice.get(address)
        return len(queries)

    fill(3)
    as_alice.get(address)
    before = asked()
    fill(30)

    assert asked() == before


def test_html_in_names_is_shown_as_text(as_alice: Client, library: Library) -> None:
    evil = '<script>alert(1)</script>"onmouseover="x'
    model = Model3DFactory(library=library, name=evil, creator=CreatorFactory(name=evil))
    model.tags.add(TagFactory(name=evil))
    recount_tags_and_creators()

    page = as_alice.get("/?q=alert").content.decode() + as_alice.get("/").content.decode()

    assert "<script>alert" not in page
    assert '"onmouseover' not in page


def test_without_any_library_the_owner_is_led_to_add_one(as_alice: Client, as_bob: Client) -> None:
    assert reverse("libraries:add") in as_alice.get(GRID).content.decode()
    assert reverse("libraries:add") not in as_bob.get(GRID).content.decode()
    assert "No library yet" in as_bob.get(GRID).content.decode()


def test_a_library_before_its_first_scan_is_waited_for(as_alice: Client) -> None:
    LibraryFactory()

    page = as_alice.get(GRID).content.decode()

    assert "Your library is being scanned" in page
    assert "data-poll" in page.split("<main")[1]


def test_a_scanned_library_without_models_says_so(as_alice: Client, library: Library) -> None:
    assert "No models yet" in as_alice.get(GRID).content.decode()


def test_a_search_that_finds_nothing_leads_back(as_alice: Client, library: Library) -> None:
    assert "No model fits" in as_alice.get("/?q=unicorn").content.decode()


def test_missing_models_are_left_out(as_alice: Client, library: Library) -> None:
    Model3DFactory(library=library, name="Here")
    Model3DFactory(library=library, name="Gone", missing_since=timezone.now())

    assert names(as_alice.get(GRID).content.decode()) == ["Here"]


def test_sensitive_models_follow_the_preference(as_alice: Client, alice: User, library: Library) -> None:
    Model3DFactory(library=library, name="Nude", is_sensitive=True, cover_sha256="a" * 64)

    def page(preference: str) -> str:
        User.objects.filter(pk=alice.pk).update(sensitive_models=preference)
        return as_alice.get(GRID).content.decode()

    assert "Nude" not in page("hide")
    assert "blurred" in page("blur")
    assert "blurred" not in page("show")


def test_pictures_come_onto_the_page_as_they_are_made(as_alice: Client, library: Library) -> None:
    made, waiting, never = (
        Model3DFactory(library=library, name=name) for name in ("Made", "Waiting", "Never")
    )
    ModelFileFactory(model=made)
    ModelFileFactory(model=waiting)
    page = as_alice.get(GRID).content.decode()
    asked = re.search(r'hx-get="(/pictures/[^"]+)"', page)
    assert asked and str(never.pk) not in re.findall(r"id=(\d+)", asked[1])
    Model3D.objects.filter(pk=made.pk).update(cover_sha256="ab" * 32)
    made.files.update(analysis_state="done")

    answer = as_alice.get(asked[1].replace("&amp;", "&"), headers=HTMX).content.decode()

    assert f'id="model-{made.pk}" hx-swap-oob="true"' in answer and "ab" * 32 in answer
    assert f"id={waiting.pk}" in answer and "Waiting" not in answer


def test_strangers_get_no_pictures_of_hidden_models(as_charlie: Client, shared_library: Library) -> None:
    model = Model3DFactory(library=shared_library, cover_sha256="ab" * 32)

    for query in (f"id={model.pk}", "id=x&id=-1&id=99999999999999999999&id=%00", ""):
        response = as_charlie.get(f"/pictures/?{query}")
        assert response.status_code == 200
        assert "ab" * 32 not in response.content.decode()


def test_a_long_result_is_counted_up_to_a_thousand(as_alice: Client, library: Library) -> None:
    Model3D.objects.bulk_create(
        [Model3D(library=library, name=f"Dragon {n}", relative_path=f"{n}") for n in range(1_005)]
    )

    page = as_alice.get("/?q=dragon").content.decode()

    assert re.search(r'id="count"[^>]*>48\+<', page)
    assert re.search(r'id="count"[^>]*>1,000\+<', as_alice.get("/facets/?q=dragon").content.decode())
    assert "1,000+" in as_alice.get("/facets/?q=dragon").content.decode()


def test_signed_out_people_are_sent_to_sign_in(alice: User) -> None:
    for path in (GRID, "/facets/"):
        assert Client().get(path).status_code == 302
