"""The activity page: what it shows of work under way and of what went wrong, to whom, at what cost."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from config.accounts.models import User
from libraries.models import Library
from models3d.models import ModelFile
from scanning import progress
from scanning.models import Scan
from tests.factories import LibraryFactory, Model3DFactory, ModelFileFactory, ProblemFactory, ScanFactory


def running_scan(library: Library, **values: object) -> Scan:
    now = timezone.now()
    columns = {
        "state": "running",
        "phase": "find",
        "started_at": now - timedelta(seconds=10),
        "heartbeat_at": now,
    }
    return ScanFactory(library=library, **(columns | values))


def test_an_idle_page_does_not_poll(as_alice: Client) -> None:
    page = as_alice.get("/activity/").content.decode()

    assert "Nothing is under way" in page
    assert 'data-poll="1000"' not in page


def test_a_running_scan_is_shown_with_phase_count_rate_and_place(as_alice: Client) -> None:
    library = LibraryFactory(name="Minis", file_count=1_000)
    running_scan(library, found_count=620, current_path="dragon/<wing>.stl")

    page = as_alice.get("/activity/live/").content.decode()

    assert 'data-poll="1000"' in page
    assert "Scanning Minis" in page and "62%" in page and "620 found" in page
    assert "dragon/&lt;wing&gt;.stl" in page


def test_without_a_former_count_there_is_no_made_up_percentage(alice: User) -> None:
    running_scan(LibraryFactory(file_count=0), found_count=620)

    (card,) = progress.live(alice, now=timezone.now()).cards

    assert card.percent is None and card.left_seconds is None
    assert [phase.state for phase in card.phases] == ["active", *["ahead"] * 4]


def test_more_files_than_last_time_never_show_more_than_all(alice: User) -> None:
    running_scan(LibraryFactory(file_count=100), found_count=250)

    (card,) = progress.live(alice, now=timezone.now()).cards

    assert (card.percent, card.left_seconds) == (99, 0)


def test_waiting_files_are_counted_by_library_and_the_ones_in_work_are_named(alice: User) -> None:
    now = timezone.now()
    library = LibraryFactory(name="Minis", file_count=3)
    model = Model3DFactory(library=library)
    ModelFileFactory(model=model, relative_path="a.stl", analysis_claimed_until=now + timedelta(minutes=1))
    ModelFileFactory(model=model, relative_path="b.stl")
    ModelFileFactory(model=model, relative_path="c.stl", missing_since=now)

    work = progress.live(alice, now=now).work

    assert (work.waiting, work.is_capped) == (2, False)
    assert [(share.library.name, share.waiting, share.done) for share in work.shares] == [("Minis", 2, 1)]
    assert [file.file_name for file in work.working] == ["a.stl"]


def test_a_library_that_is_due_is_said_to_wait(as_alice: Client) -> None:
    LibraryFactory(name="Minis", next_scan_at=timezone.now())

    page = as_alice.get("/activity/live/").content.decode()

    assert "Minis waits for its scan" in page


def test_the_last_poll_stops_polling_and_has_the_lists_reload(as_alice: Client) -> None:
    response = as_alice.get("/activity/live/", headers={"HX-Request": "true"})

    assert response["HX-Trigger"] == "workSettled"
    assert "data-poll" not in response.content.decode()


def test_strangers_see_nothing_of_a_library_that_is_not_theirs(
    shared_library: Library, as_bob: Client, as_charlie: Client
) -> None:
    scan = running_scan(shared_library, current_path="secret.stl", found_count=5)
    file = ModelFileFactory(
        model__library=shared_library, analysis_state="failed", analysis_error="Broken secret."
    )
    ProblemFactory(file=file, sentence="A secret problem.")
    addresses = [
        "/activity/",
        "/activity/live/",
        "/activity/pill/",
        "/activity/?show=failed",
        "/activity/?show=scans",
    ]

    bobs = " ".join(as_bob.get(address).content.decode() for address in addresses)
    charlies = " ".join(as_charlie.get(address).content.decode() for address in addresses)

    assert (
        "secret.stl" in bobs
        and "Broken secret." in bobs
        and "A secret problem." in bobs
        and "5 files" in bobs
    )
    assert "ecret" not in charlies and "Minis" not in charlies and "Scanning" not in charlies
    for address in (f"/activity/scans/{scan.pk}/", f"/activity/libraries/{shared_library.pk}/"):
        assert (as_bob.get(address).status_code, as_charlie.get(address).status_code) == (200, 404)


def test_problems_are_narrowed_by_kind_and_severity(as_alice: Client) -> None:
    ProblemFactory(kind="empty", severity="error", sentence="This file is empty.")
    ProblemFactory(kind="inverted", severity="info", sentence="This one is inside out.")

    by_kind = as_alice.get("/activity/?kind=empty").content.decode()
    by_severity = as_alice.get("/activity/?severity=info").content.decode()

    assert "This file is empty." in by_kind and "inside out" not in by_kind
    assert "inside out" in by_severity and "This file is empty." not in by_severity


def test_kinds_to_choose_from_are_those_of_libraries_one_may_see(
    as_alice: Client, as_bob: Client, as_charlie: Client, shared_library: Library
) -> None:
    ProblemFactory(file__model__library=shared_library, kind="inverted")
    ProblemFactory(file__model__library=shared_library, kind="empty", ignored_at=timezone.now())
    ProblemFactory(file__model__library=LibraryFactory(is_restricted=True), kind="wrong_units")
    clients = (as_alice, as_bob, as_charlie)

    kinds = [[kind for kind, _ in one.get("/activity/").context["kinds"]] for one in clients]

    assert kinds == [["empty", "inverted", "wrong_units"], ["empty", "inverted"], []]


def test_ignored_problems_are_listed_apart(as_alice: Client) -> None:
    ProblemFactory(sentence="Old news.", ignored_at=timezone.now())

    assert "Old news." not in as_alice.get("/activity/").content.decode()
    assert "Old news." in as_alice.get("/activity/?ignored=1").content.decode()


@pytest.mark.parametrize("shown", ["problems", "failed", "scans"])
def test_every_entry_of_a_long_list_is_reached_once(shown: str, as_alice: Client, alice: User) -> None:
    model = Model3DFactory()
    moment = timezone.now()
    for number in range(60):
        # Equal moments: the order must not depend on them.
        file = ModelFileFactory(
            model=model, analysis_state="failed", analyzed_at=moment, analysis_error=f"Entry {number}."
        )
        ProblemFactory(file=file, sentence=f"Entry {number}.")
        ScanFactory(library=model.library, state="failed", finished_at=moment, error=f"Entry {number}.")

    text, address = "", f"/activity/?show={shown}"
    pages = 0
    while address:
        response = as_alice.get(address, headers={"HX-Request": "true"} if "after=" in address else {})
        listing = response.context["listing"]
        text += response.content.decode().split('id="lists"')[-1].split("h-libraries")[0]
        address = f"/activity/?{listing.next_query}" if listing.next_query else ""
        pages += 1

    assert pages == 3
    assert all(
        text.count(f'<p class="mt-0.5 wrap-anywhere">Entry {n}.</p>')
        + text.count(f'<p class="wrap-anywhere">Entry {n}.</p>')
        == 1
        for n in range(60)
    )


@pytest.mark.parametrize(
    "query",
    [
        "show=nonsense",
        "after=x",
        "after=" + "9" * 40,
        "after=-1",
        "kind=%00",
        "kind=' OR 1=1",
        "severity=%F0%9F",
        "after=٣",
        "show=failed&after=1",
    ],
)
def test_nonsense_in_the_address_shows_the_first_page(as_alice: Client, query: str) -> None:
    ProblemFactory(sentence="This file is empty.")

    assert as_alice.get(f"/activity/?{query}").status_code == 200


def test_a_poll_asks_as_many_queries_for_many_files_as_for_few(
    as_alice: Client, alice: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    model = Model3DFactory()
    running_scan(model.library)
    ModelFileFactory.create_batch(
        30, model=model, analysis_claimed_until=timezone.now() + timedelta(minutes=1)
    )

    with django_assert_num_queries(5):
        progress.live(alice, now=timezone.now())


def test_the_list_asks_as_many_queries_for_many_problems_as_for_few(
    as_alice: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ProblemFactory.create_batch(20)

    with django_assert_num_queries(12):
        as_alice.get("/activity/")


def test_numbers_beyond_any_id_are_not_found(as_alice: Client) -> None:
    huge = "9" * 30

    for address in (f"/activity/scans/{huge}/", f"/activity/libraries/{huge}/", f"/libraries/{huge}/"):
        assert as_alice.get(address).status_code == 404
    assert as_alice.post(f"/activity/retry/{huge}/").status_code == 404
    assert ModelFile.objects.count() == 0
