"""Running the SQL of a scan: statements with named values, on the connection that holds its temporary tables."""

from collections.abc import Iterator
from typing import Any, Final

from django.db import connection

_AT_ONCE: Final = 10_000


def execute(sql: str, **values: Any) -> int:
    """Run one or more statements; return how many rows the first of them touched."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values or None)
        return int(cursor.rowcount)


def fetch(sql: str, **values: Any) -> list[tuple[Any, ...]]:
    """Run one statement and return its rows."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values or None)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def batches(sql: str, **values: Any) -> Iterator[list[tuple[Any, ...]]]:
    """Run one query and yield its rows by the thousand; in between the connection is free for other statements."""
    execute("DROP TABLE IF EXISTS pg_temp.scan_batches")
    execute(
        f"CREATE TEMPORARY TABLE scan_batches AS SELECT row_number() OVER () AS nth, * FROM ({sql}) AS wanted",
        **values,
    )
    execute("CREATE INDEX ON scan_batches (nth)")
    after = 0
    while rows := fetch(
        "SELECT * FROM scan_batches WHERE nth > %(after)s ORDER BY nth LIMIT %(limit)s",
        after=after,
        limit=_AT_ONCE,
    ):
        yield [row[1:] for row in rows]
        after = rows[-1][0]
    execute("DROP TABLE scan_batches")
