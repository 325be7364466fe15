"""What stands above the grid where it shows one collection or one creator: name, words, links, what is inside."""

from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.safestring import SafeString

from collections_app.models import Creator
from collections_app.tree import Place
from models3d.audience import Audience
from models3d.collecting import CollectionCard, opened
from models3d.filters import BrowseFilters
from models3d.grouping_lists import visible_groups
from models3d.links import Link, shown_links
from models3d.notes import render_notes


@dataclass(frozen=True, slots=True)
class Heading:
    """The collection or creator that is looked at. `edit_url` is empty for who may not change it, `share_url` for a creator."""

    name: str
    edit_url: str
    text_html: SafeString
    new_url: str = ""
    share_url: str = ""
    trail: list[Place] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    inner: list[CollectionCard] = field(default_factory=list)


def heading_of(filters: BrowseFilters, audience: Audience, *, may_arrange: bool) -> Heading | None:
    """The heading of a look at exactly one collection, or one creator; None for any other look."""
    if len(filters.collection) == 1:
        found = opened(filters.collection[0], audience)
        if found is None:
            return None
        return Heading(
            found.row.name,
            reverse("models3d:edit_collection", args=[found.row.pk]) if may_arrange else "",
            render_notes(found.row.description),
            new_url=f"{reverse('models3d:new_collection')}?inside={found.row.pk}",
            share_url=f"{reverse('sharing:share')}?collection={found.row.pk}",
            trail=found.trail[:-1],
            inner=found.inner,
        )
    if len(filters.creator) == 1:
        creator = visible_groups(Creator.objects, audience).filter(pk=filters.creator[0]).first()
        if creator is None:
            return None
        return Heading(
            creator.name,
            reverse("models3d:edit_creator", args=[creator.pk]) if may_arrange else "",
            render_notes(creator.notes),
            links=shown_links(creator.links),
        )
    return None
