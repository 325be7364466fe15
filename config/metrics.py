"""The page of figures for Prometheus, for this machine or for those who know METRICS_TOKEN."""

import hmac
from ipaddress import ip_address

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache

_REFUSAL = (
    "Figures are given to this machine only, not through a proxy. "
    "To read them from elsewhere, set METRICS_TOKEN and send it as “Authorization: Bearer …”.\n"
)


@never_cache
@login_not_required
def metrics(request: HttpRequest) -> HttpResponse:
    """Every figure in the text format of Prometheus; 403 with a sentence for strangers."""
    if not _may_read(request):
        return HttpResponse(_REFUSAL, status=403, content_type="text/plain; charset=utf-8")
    # Loaded on use: few installations ask.
    from prometheus_client import CollectorRegistry
    from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

    from config.figures import Figures

    registry = CollectorRegistry()
    registry.register(Figures(timezone.now()))
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)


def _may_read(request: HttpRequest) -> bool:
    """With a token only who knows it; without one this machine, where a local proxy does not count as such."""
    if settings.METRICS_TOKEN:
        sent = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(sent.encode(), settings.METRICS_TOKEN.encode())
    forwarded = {"X-Forwarded-For", "Forwarded", "X-Real-IP", "X-Forwarded-Proto"} & set(request.headers)
    try:
        return not forwarded and ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
