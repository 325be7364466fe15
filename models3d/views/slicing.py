"""Open a file in a slicer: the way there, and the address from which the slicer fetches the file."""

from typing import Any, Final

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from config.lib.streams import TooManyStreams
from libraries.storage import StorageError
from models3d.downloads import download_response
from models3d.permissions import get_visible_file
from models3d.signed_files import AddressNotValid, file_at, signed_path
from models3d.slicers import SCHEMES, SLICERS, slicer_link, slicers_for

_PLAIN: Final = "text/plain; charset=utf-8"


class SlicerRedirect(HttpResponseRedirect):
    allowed_schemes = list(SCHEMES)


@require_safe
@never_cache
def open_in_slicer(request: HttpRequest, pk: int, slicer: str) -> HttpResponse:
    """Hand a file to the slicer of this name on the person's own device, by an address that works for some minutes."""
    file = get_visible_file(request, pk)
    chosen = SLICERS.get(slicer)
    if chosen is None or chosen not in slicers_for(file.extension):
        raise Http404
    user: Any = request.user
    address = request.build_absolute_uri(signed_path(file, user=user))
    is_mac = "Macintosh" in request.headers.get("User-Agent", "")
    return SlicerRedirect(slicer_link(chosen, address=address, is_mac=is_mac))


@login_not_required
@require_safe
def signed_file(request: HttpRequest, key: str, name: str) -> HttpResponseBase:
    """The file that a signed address stands for; answers ranges. `name` is for the program that fetches it."""
    try:
        return download_response(request, file_at(key))
    except AddressNotValid:
        sentence = "This address is not valid, or its time is over. Open the file from Layershelf again."
        return HttpResponse(sentence, status=404, content_type=_PLAIN)
    except StorageError as error:
        return HttpResponse(str(error), status=404, content_type=_PLAIN)
    except TooManyStreams as error:
        response = HttpResponse(str(error), status=503, content_type=_PLAIN)
        response["Retry-After"] = str(error.retry_seconds)
        return response
