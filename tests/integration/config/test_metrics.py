"""The figures for Prometheus: what they say, who may read them, what they cost."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import DjangoAssertNumQueries, Settings

from models3d.models import ModelFile
from scanning.models import Problem, Scan
from tests.factories import LibraryFactory, ModelFileFactory

pytestmark = pytest.mark.django_db


def figures(client: Client) -> dict[tuple[str, ...], float]:
    """Every sample: its name and the values of its labels, in the order of these."""
    text = client.get("/metrics").content.decode()
    return {
        (sample.name, *(sample.labels[name] for name in sorted(sample.labels))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_they_tell_what_there_is_and_what_waits(client: Client) -> None:
    an_hour_ago = timezone.now() - timedelta(hours=1)
    library = LibraryFactory(
        name='Minis "old"', model_count=7, file_count=70, total_bytes=700, scanned_at=an_hour_ago
    )
    ModelFileFactory.create_batch(
        2, library=library, model__library=library, analysis_state=ModelFile.State.PENDING
    )
    ModelFileFactory(library=library, model__library=library, analysis_state=ModelFile.State.FAILED)
    for kind in ("empty", "damaged", "damaged"):
        file = ModelFileFactory(library=library, model__library=library, analysis_state=ModelFile.State.DONE)
        Problem.objects.create(library=library, file=file, kind=kind, sentence="Something is wrong.")
    Scan.objects.create(library=library, state=Scan.State.RUNNING)

    found = figures(client)

    assert found["layershelf_libraries",] == 1
    assert found["layershelf_models", str(library.pk), 'Minis "old"'] == 7
    assert found["layershelf_files", str(library.pk), 'Minis "old"'] == 70
    assert found["layershelf_last_scan_age_seconds", str(library.pk), 'Minis "old"'] >= 3600
    assert found["layershelf_analyses_waiting",] == 2
    assert found["layershelf_analyses_failed",] == 1
    assert found["layershelf_problems", "damaged"] == 2
    assert found["layershelf_problems", "empty"] == 1
    assert found["layershelf_scans", "running"] == 1


def test_requests_are_counted_by_page_and_unknown_addresses_together(client: Client) -> None:
    figures(client)
    before = figures(client)
    client.get("/healthz")
    client.get("/no-such-page-1")
    client.get("/no-such-page-2")

    after = figures(client)

    healthz = ("layershelf_requests_total", "GET", "2xx", "healthz")
    assert after[healthz] == before.get(healthz, 0) + 1
    assert not any("no-such-page" in "".join(labels) for labels in after)
    assert after["layershelf_request_seconds_count", "GET", "2xx", "healthz"] == after[healthz]


def test_the_number_of_queries_does_not_grow(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    LibraryFactory.create_batch(5)

    with django_assert_num_queries(4):
        client.get("/metrics")


@pytest.mark.parametrize(
    ("address", "headers"),
    [("192.0.2.7", {}), ("127.0.0.1", {"X-Forwarded-For": "192.0.2.7"}), ("", {})],
)
def test_strangers_are_refused_with_a_way_out(client: Client, address: str, headers: dict[str, str]) -> None:
    answer = client.get("/metrics", headers=headers, REMOTE_ADDR=address)

    assert answer.status_code == 403
    assert "METRICS_TOKEN" in answer.content.decode()


def test_with_a_token_everybody_needs_it(client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = "pumpkin"

    without = client.get("/metrics")
    wrong = client.get("/metrics", headers={"Authorization": "Bearer squash"})
    right = client.get("/metrics", headers={"Authorization": "Bearer pumpkin"}, REMOTE_ADDR="192.0.2.7")

    assert [without.status_code, wrong.status_code, right.status_code] == [403, 403, 200]
