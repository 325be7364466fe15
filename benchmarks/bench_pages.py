"""What pages cost the server with a large library: the grid, searches by words and fields, facets, and the JSON list."""

from collections.abc import Iterator

from django.contrib.auth import get_user_model
from django.test import Client

from benchmarks.figures import Figure, milliseconds_of
from benchmarks.rows import make_rows
from models3d.derived import recount_tags_and_creators, refresh_libraries

_REPEAT = 60
_PAGES = (
    ("grid page of 48", "/", 15.0),
    ("grid page of 48, by name", "/?sort=name", None),
    ("word search", "/?q=dragon+articulated", 15.0),
    ("word search while typing", "/?q=drag", 15.0),
    ("search by fields", "/?q=dragon+size:<100mm+triangles:<1M+watertight:yes", 15.0),
    ("search by rare sizes", "/?q=volume:>250cm3+x:<40", 15.0),
    ("search by fit", "/?q=fits:220x220x250+-tag:fantasy", 15.0),
    ("numbers of the facets, search by fields", "/facets/?q=dragon+size:<100mm+watertight:yes", None),
    ("suggestions while typing", "/search/suggestions/?q=dragon+tag:ta", 15.0),
    ("JSON list of 50", "/api/v1/models?limit=50", 5.0),
)


def run(model_count: int) -> Iterator[Figure]:
    """Median and 95th percentile of the whole request in the server's process, templates and all."""
    library = make_rows(model_count)
    refresh_libraries([library.pk])
    recount_tags_and_creators()
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("benchmark"))
    floor, _ = milliseconds_of(lambda: _get(client, "/healthz"), repeat=_REPEAT)
    for name, address, target in _PAGES:
        median, slowest = milliseconds_of(lambda: _get(client, address), repeat=_REPEAT)  # noqa: B023  # used at once
        what = f"{name}, {model_count:,} models"
        yield Figure(f"{what}, p50", median, "ms", target, floor, "an empty page")
        yield Figure(f"{what}, p95", slowest, "ms")
    library.delete()


def _get(client: Client, address: str) -> None:
    response = client.get(address, headers={"HX-Request": "true"} if "while typing" in address else {})
    assert response.status_code == 200, response.status_code
