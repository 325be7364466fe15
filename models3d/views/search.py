"""Help while one searches: suggestions for what is being typed, and all that can be asked for."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from config.lib.http import HtmxRequest, render_page, wants_fragment
from models3d.audience import audience_of
from models3d.filters import LONGEST_QUERY
from models3d.query_language.fields import FIELDS, GROUPS
from models3d.suggestions import suggestions

_WORD_EXAMPLES = ("dragon head", '"print in place"', "vase -spiral", "dragon OR wyvern", "(box OR case) lid")


@require_safe
def suggest(request: HtmxRequest) -> HttpResponse:
    """What may be meant, as a list below the search box."""
    typed = request.GET.get("q", "").replace("\x00", " ").lstrip()[:LONGEST_QUERY]
    found = suggestions(typed, audience_of(request.user)) if typed else []
    return render_page(request, "models3d/suggestions.html", {"suggestions": found})


@require_safe
def search_help(request: HtmxRequest) -> HttpResponse:
    """Every field with examples that can be followed; in a dialog, or a page without script."""
    groups = [(title, [field for field in FIELDS.values() if field.group == title]) for title in GROUPS]
    template = "models3d/search_help.html#content" if wants_fragment(request) else "models3d/search_help.html"
    return render_page(request, template, {"groups": groups, "word_examples": _WORD_EXAMPLES})
