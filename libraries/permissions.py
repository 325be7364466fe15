"""Who may do what with a library. What a person may not see answers 404, as if it were not there."""

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from libraries.models import Library


def get_visible_library(request: HttpRequest, pk: int) -> Library:
    """The library, if the person may see it; else Http404."""
    return get_object_or_404(Library.objects.visible_to(request.user), pk=pk)


def get_managed_library(request: HttpRequest, pk: int) -> Library:
    """The library, if the person may change its settings, which only the owner may; else Http404."""
    require_owner(request)
    return get_object_or_404(Library, pk=pk)


def require_owner(request: HttpRequest) -> None:
    """Raise Http404 unless the person is the owner."""
    if not request.user.is_authenticated or not request.user.is_superuser:
        raise Http404
