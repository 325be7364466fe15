"""What a search asks of printers that nobody knows."""

from typing import Any

from models3d.prints.printers import bed_called
from models3d.query_language.nodes import All, Either, Field, Node, Not, Text


def unknown_printers(tree: Node | None, *, user: Any) -> list[str]:
    """A sentence for each printer that the search names and that is neither one of the person's nor a usual one."""
    return [
        f"No printer is called “{typed}”. Add it to your printers, or write the room as in fits:220x220x250."
        for typed in dict.fromkeys(_asked(tree))
        if bed_called(typed, user=user) is None
    ]


def _asked(node: Node | None) -> list[str]:
    if isinstance(node, All | Either):
        return [typed for part in node.parts for typed in _asked(part)]
    if isinstance(node, Not):
        return _asked(node.part)
    if isinstance(node, Field) and node.name == "fits" and isinstance(node.value, Text):
        return [node.value.text]
    return []
