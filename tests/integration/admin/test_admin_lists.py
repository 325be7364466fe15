"""The admin's lists with 100,000 models: found by words, counted without scanning, asked with few queries."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.plugin import DjangoDbBlocker

from libraries.models import Library
from models3d.models import Model3D, ModelFile
from tests.factories import LibraryFactory, Model3DFactory, ModelFileFactory, OwnerFactory

COUNT = 100_000

_FILL = """
INSERT INTO models3d_model3d (library_id, relative_path, name, license, links, notes, is_sensitive, custom_fields,
  edited_fields, updated_at)
SELECT %(library)s, 'model ' || n, CASE WHEN n %% 1000 = 0 THEN 'Rare dragon ' ELSE 'Common part ' END || n,
       '', '[]', '', false, '{}', '{}', now()
FROM generate_series(1, %(count)s) AS n
"""
_FILL_FILES = """
INSERT INTO models3d_modelfile (library_id, model_id, relative_path, extension, kind, size_bytes, analysis_state, sha256)
SELECT library_id, id, relative_path || '/part.stl', 'stl', 'mesh', 684, 'done', md5(id::text) || md5(id::text)
FROM models3d_model3d
"""


@pytest.fixture(scope="module")
def large_library(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Library]:
    """A library of 100,000 models with a file each; made once for this module."""
    with django_db_blocker.unblock():
        library = LibraryFactory(name="Large")
        with connection.cursor() as cursor:
            cursor.execute(_FILL, {"library": library.pk, "count": COUNT})
            cursor.execute(_FILL_FILES)
            cursor.execute("ANALYZE models3d_model3d")
            cursor.execute("ANALYZE models3d_modelfile")
        yield library
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE libraries_library CASCADE")


@pytest.mark.parametrize(
    "address", ["models3d/model3d", "models3d/modelfile", "models3d/model3d/?p=3", "models3d/modelfile/?p=3"]
)
def test_a_list_asks_few_queries_and_counts_no_whole_table(
    address: str, large_library: Library, as_alice: Client
) -> None:
    with CaptureQueriesContext(connection) as asked:
        response = as_alice.get(f"/admin/{address}", follow=True)

    assert response.status_code == 200
    assert len(asked) <= 14
    rows = response.context["cl"].result_count
    assert abs(rows - COUNT) < COUNT / 10
    assert_no_sequential_scan(asked)


def test_words_find_models_by_their_index(large_library: Library, as_alice: Client) -> None:
    with CaptureQueriesContext(connection) as asked:
        response = as_alice.get("/admin/models3d/model3d/", {"q": "drag rare"})
    found = as_alice.get("/admin/models3d/model3d/", {"q": "rare drag"}).context["cl"].result_count

    assert response.status_code == 200
    assert found == COUNT / 1000
    assert_no_sequential_scan(asked)


def test_a_file_is_found_by_its_hash(large_library: Library, as_alice: Client) -> None:
    file = ModelFile.objects.order_by("id")[500]

    with CaptureQueriesContext(connection) as asked:
        response = as_alice.get("/admin/models3d/modelfile/", {"q": file.sha256.upper()})

    assert [row.pk for row in response.context["cl"].result_list] == [file.pk]
    assert_no_sequential_scan(asked)


def test_a_search_with_many_matches_is_counted_up_to_a_limit(
    large_library: Library, as_alice: Client
) -> None:
    response = as_alice.get("/admin/models3d/model3d/", {"q": "common"})

    assert response.context["cl"].result_count == 10_000


def test_a_search_field_offers_models_without_reading_them_all(
    large_library: Library, as_alice: Client
) -> None:
    with CaptureQueriesContext(connection) as asked:
        response = as_alice.get(
            "/admin/autocomplete/",
            {"app_label": "models3d", "model_name": "mark", "field_name": "model", "term": "rare"},
        )

    assert len(response.json()["results"]) == 20
    assert_no_sequential_scan(asked)


@pytest.mark.django_db
def test_every_list_and_form_of_every_model_opens() -> None:
    client = Client()
    client.force_login(OwnerFactory())
    ModelFileFactory(model=Model3DFactory())

    for model, model_admin in admin.site._registry.items():
        address = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        assert client.get(address).status_code == 200, address
        assert client.get(f"{address}?q=x%22-%28").status_code == 200, address
        assert client.get(f"{address}add/").status_code in {200, 403}, address
        row = model._default_manager.first()
        if row is not None:
            assert client.get(f"{address}{row.pk}/change/").status_code == 200, address
        assert model_admin.show_full_result_count is False or model._meta.app_label in {"accounts", "auth"}


def assert_no_sequential_scan(asked: CaptureQueriesContext) -> None:
    """No query of ours read a large table from end to end."""
    for query in asked.captured_queries:
        sql = query["sql"]
        if "models3d_" in sql and sql.startswith("SELECT"):
            plan = explain(sql)
            large = [
                node for node in plan if node["Node Type"] == "Seq Scan" and node["Actual Rows"] > 20_000
            ]
            assert not large, sql


def explain(sql: str) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + sql.replace("%", "%%"), [])
        (plan,) = cursor.fetchone()
    nodes, left = [], [plan[0]["Plan"]]
    while left:
        node = left.pop()
        nodes.append(node)
        left.extend(node.get("Plans", []))
    return nodes


def test_models_are_neither_added_nor_deleted_by_hand(as_alice: Client) -> None:
    model = Model3DFactory()

    added = as_alice.get("/admin/models3d/model3d/add/").status_code
    deleted = as_alice.post(f"/admin/models3d/model3d/{model.pk}/delete/", {"post": "yes"}).status_code

    assert (added, deleted) == (403, 403)
    assert Model3D.objects.filter(pk=model.pk).exists()
