"""What the admin pages of all apps have in common: lists that stay quick with a million rows, and rows that hold facts."""

from typing import Any, Final, cast

from django.contrib import admin
from django.core.paginator import Paginator
from django.db import connections
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property

_COUNT_CAP: Final = 10_000


class CappedPaginator(Paginator):
    """Counts exactly up to 10,000 rows; beyond, a whole table has the size that Postgres estimates, a selection ends there."""

    @cached_property
    def count(self) -> int:
        rows = cast("QuerySet[Any]", self.object_list)
        number = rows.order_by()[: _COUNT_CAP + 1].count()
        if number <= _COUNT_CAP:
            return number
        return _COUNT_CAP if rows.query.where else max(number, _estimate(rows))


def _estimate(rows: "QuerySet[Any]") -> int:
    """How many rows the whole table of `rows` has, as Postgres last counted while tidying up."""
    with connections[rows.db].cursor() as cursor:
        cursor.execute(
            "SELECT reltuples::bigint FROM pg_class WHERE oid = %s::regclass", [rows.model._meta.db_table]
        )
        return int(cursor.fetchone()[0])


class BrowsingAdmin(admin.ModelAdmin):
    """A list that never counts or sorts a whole table."""

    paginator = CappedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    list_max_show_all = 200


class FactsMixin:
    """Rows that scanning and analysis write: people look at them here, but neither add nor delete them."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
