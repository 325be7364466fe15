"""The bin: what is in it, restoring it, and emptying it, which only the owner may."""

from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from config.lib.bell import ring_by_name
from config.lib.http import HtmxRequest, render_page, wants_fragment
from config.lib.keyset import BadCursor, decode_cursor, encode_cursor
from libraries.models import Library
from libraries.permissions import require_owner
from models3d import changing
from models3d.changing import ChangeRefused
from models3d.models import Move
from models3d.permissions import may_edit, require_editor
from models3d.views.changes import WORK

_PER_PAGE: Final = 50


@require_safe
def show(request: HtmxRequest) -> HttpResponse:
    """What is in the bins of the libraries that the person sees, the latest first."""
    things = _visible(request).select_related("change__library", "change__requested_by").order_by("-id")
    if (before := request.GET.get("before", "")) and (number := _number(before)):
        things = things.filter(pk__lt=number)
    rows = list(things[: _PER_PAGE + 1])
    context = {
        "moves": rows[:_PER_PAGE],
        "next_query": f"?before={encode_cursor([rows[_PER_PAGE - 1].pk])}" if len(rows) > _PER_PAGE else "",
        "days": settings.BIN_DAYS,
        "may_edit": may_edit(request),
    }
    page = "models3d/files/bin.html"
    return render_page(request, f"{page}#rows" if wants_fragment(request) else page, context)


@require_POST
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring one thing back."""
    if pk >= 2**63:
        raise Http404
    move = get_object_or_404(_visible(request).select_related("change__library"), pk=pk)
    require_editor(request)
    try:
        change = changing.restore(move, by=request.user, now=timezone.now())
    except ChangeRefused as error:
        messages.error(request, str(error))
        return redirect("models3d:bin")
    ring_by_name(WORK)
    return redirect("models3d:change", change.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def empty(request: HttpRequest) -> HttpResponse:
    """Ask with numbers and bytes, then delete for good."""
    require_owner(request)
    things = _visible(request)
    if request.method == "POST":
        changes = changing.empty(things, by=request.user, now=timezone.now())
        if not changes:
            messages.info(request, "There is nothing in the bin that could be deleted.")
            return redirect("models3d:bin")
        ring_by_name(WORK)
        return redirect("models3d:change", changes[0].pk)
    is_locked = things.filter(change__library__is_read_only=True)
    sums = changing.sums_of(things.exclude(change__library__is_read_only=True))
    context: dict[str, Any] = {"sums": sums, "has_read_only": is_locked.exists()}
    return render(request, "models3d/files/empty_bin.html", context)


def _visible(request: HttpRequest) -> "QuerySet[Move]":
    return changing.binned().filter(change__library__in=Library.objects.visible_to(request.user))


def _number(cursor: str) -> int:
    try:
        return int(decode_cursor(cursor, types=[int])[0])
    except BadCursor:
        return 0
