"""Pages that guests see: a shared model or collection, with the viewer and the pictures of the other pages, and no more."""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any, Final

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from config.accounts.context import units_of
from config.accounts.throttling import TooManyTries
from config.lib.keyset import BadCursor
from config.lib.streams import TooManyStreams
from config.sharing.forms import GuestPasswordForm
from config.sharing.guests import LinkClosed, PasswordNeeded, opened_link, unlock
from config.sharing.models import ShareLink
from libraries.storage import StorageError
from models3d.cards import CARD_FIELDS, card
from models3d.downloads import download_response
from models3d.links import shown_links
from models3d.models import Model3D, ModelFile
from models3d.notes import render_notes
from models3d.showing import ShownFile, file_in_viewer, file_page, thumbnails
from models3d.sorting import slice_of
from models3d.views.files import preview_response
from models3d.zipping import TooManyFiles, zip_plan, zip_response

_CARDS: Final = 48
_View = Callable[..., HttpResponseBase]


def for_guests(view: _View) -> _View:
    """Give the view the link of the address once this guest has opened it; else say why not, or ask for the password."""

    @wraps(view)
    def opened_first(request: HttpRequest, key: str, **parts: Any) -> HttpResponseBase:
        try:
            link = opened_link(request, key, now=timezone.now())
        except LinkClosed as error:
            return _closed(request, error)
        except PasswordNeeded:
            return redirect("sharing:opened", key)
        return view(request, link, **parts)

    return login_not_required(opened_first)


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def opened(request: HttpRequest, key: str) -> HttpResponse:
    """What the link leads to: the model, or the models of the collection; before that the password, where there is one."""
    try:
        link = opened_link(request, key, now=timezone.now())
    except LinkClosed as error:
        return _closed(request, error)
    except PasswordNeeded as needed:
        return _asked(request, needed.link)
    if request.method == "POST":
        return redirect(link)
    if link.model_id is not None:
        return _model_page(request, link, _shared_model(link, link.model_id))
    return _collection_page(request, link)


def _asked(request: HttpRequest, link: ShareLink) -> HttpResponse:
    form = GuestPasswordForm(request.POST or None)
    status = 200
    if form.is_valid():
        try:
            if unlock(request, link, form.cleaned_data["password"], now=timezone.now()):
                return redirect(link)
            form.add_error("password", "This is not the password. Capital letters matter.")
        except TooManyTries as error:
            form.add_error(None, str(error))
            status = 429
    return render(request, "sharing/password.html", {"form": form, "link": link}, status=status)


@require_safe
@never_cache
@for_guests
def model(request: HttpRequest, link: ShareLink, pk: int) -> HttpResponse:
    """One model of a shared collection."""
    return _model_page(request, link, _shared_model(link, pk))


@require_safe
@for_guests
def download(request: HttpRequest, link: ShareLink, pk: int) -> HttpResponseBase:
    """A file of a shared model, where downloads are part of the link."""
    files = ModelFile.objects.present().filter(model__in=_downloadable(link)).select_related("library")
    file = files.filter(pk=pk).first() if pk < 2**63 else None
    if file is None:
        raise Http404
    try:
        return download_response(request, file)
    except StorageError as error:
        return _not_sent(request, link, str(error), status=404)
    except TooManyStreams as error:
        return _not_sent(request, link, str(error), status=503)


@require_safe
@for_guests
def download_model(request: HttpRequest, link: ShareLink, pk: int) -> HttpResponseBase:
    """All files of a shared model as one ZIP, where downloads are part of the link."""
    found = _downloadable(link).filter(pk=pk).defer("search_vector").first() if pk < 2**63 else None
    if found is None:
        raise Http404
    try:
        plan = zip_plan([found])
        if not plan.contents:
            return _not_sent(request, link, "None of the files can be read now.", status=404)
        return zip_response(request, plan)
    except TooManyFiles as error:
        return _not_sent(request, link, str(error), status=400)
    except TooManyStreams as error:
        return _not_sent(request, link, str(error), status=503)


@require_safe
@for_guests
def preview(request: HttpRequest, link: ShareLink, sha256: str, name: str) -> HttpResponseBase:
    """A picture or light mesh of a shared model."""
    if not ModelFile.objects.filter(model__in=link.models_for_guests(), sha256=sha256).exists():
        raise Http404
    return preview_response(sha256, name)


def _downloadable(link: ShareLink) -> Any:
    return link.models_for_guests() if link.may_download else Model3D.objects.none()


def _shared_model(link: ShareLink, pk: int) -> Model3D:
    models = link.models_for_guests().select_related("creator").defer("search_vector")
    found = models.filter(pk=pk).first() if pk < 2**63 else None
    if found is None:
        raise Http404
    return found


def _model_page(request: HttpRequest, link: ShareLink, found: Model3D) -> HttpResponse:
    page = file_page(found, after=request.GET.get("files_after", ""))
    shown = file_in_viewer(found, asked=request.GET.get("file", ""))
    context = {
        "link": link,
        "model": found,
        "shown": _for_guests(shown, link) if shown else None,
        "thumbnails": [_for_guests(one, link) for one in thumbnails(found)],
        "files": [_for_guests(one, link) for one in page.files if not one.row.missing_since],
        "next_query": page.next_query,
        "links": shown_links(found.links),
        "notes_html": render_notes(found.notes),
    }
    return render(request, "sharing/model.html", context)


def _collection_page(request: HttpRequest, link: ShareLink) -> HttpResponse:
    models, after = link.models_for_guests(), request.GET.get("after", "")
    try:
        found = slice_of(models, sort="name", words=None, fields=CARD_FIELDS, after=after, limit=_CARDS)
    except BadCursor:
        found = slice_of(models, sort="name", words=None, fields=CARD_FIELDS, after="", limit=_CARDS)
    units = units_of(request)["units"]
    cards = [card(row, units=units, blurs_sensitive=True, is_eager=False) for row in found.rows]
    for one in cards:
        one["url"] = reverse("sharing:model", args=[link.key, one["id"]])
        one["picture_url"] = _guest_address(one["picture_url"], link)
    return render(request, "sharing/collection.html", {"link": link, "cards": cards, "next": found.next})


def _for_guests(file: ShownFile, link: ShareLink) -> ShownFile:
    """The same file under the addresses that this link opens."""
    return replace(
        file,
        small_url=_guest_address(file.small_url, link),
        picture_url=_guest_address(file.picture_url, link),
        light_mesh_url=_guest_address(file.light_mesh_url, link),
        download_url=_guest_address(file.download_url, link) if link.may_download else "",
    )


def _guest_address(address: str, link: ShareLink) -> str:
    """Below the link's own address there is the same tree of pictures and files, as far as it is shared."""
    return link.get_absolute_url().rstrip("/") + address if address else ""


def _closed(request: HttpRequest, error: LinkClosed) -> HttpResponse:
    return render(request, "sharing/closed.html", {"sentence": str(error)}, status=404)


def _not_sent(request: HttpRequest, link: ShareLink, sentence: str, *, status: int) -> HttpResponse:
    return render(
        request,
        "models3d/not_downloaded.html",
        {"sentence": sentence, "back_url": link.get_absolute_url()},
        status=status,
    )
