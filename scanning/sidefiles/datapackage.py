"""What a datapackage.json tells (https://datapackage.org, with Manyfold's words for models)."""

import json
from typing import Any

from scanning.sidefiles.licenses import license_identifier
from scanning.sidefiles.told import Told, tidy_line, tidy_links, tidy_tags, tidy_text


def told_by_datapackage(text: str) -> Told:
    """Return what a datapackage says; whatever is not as the format wants it is passed over, down to the whole file."""
    try:
        package = json.loads(text)
    except (ValueError, RecursionError):
        return Told()
    if not isinstance(package, dict):
        return Told()
    description = package.get("description")
    links = [
        package.get("homepage"),
        *(link.get("path") or link.get("url") for link in _dicts(package.get("links"))),
    ]
    return Told(
        title=tidy_line(package.get("title"), of="title"),
        creator=_creator_of(package),
        license=_license_of(package),
        tags=tidy_tags(package.get("keywords")),
        links=tidy_links(links),
        notes=tidy_text(description) if isinstance(description, str) else "",
    )


def _creator_of(package: dict[str, Any]) -> str:
    people = _dicts(package.get("contributors"))
    creators = [person for person in people if _roles(person) & {"creator", "author", "designer"}]
    for person in creators or people[:1]:
        if name := tidy_line(person.get("title") or person.get("name"), of="creator"):
            return name
    return ""


def _roles(person: dict[str, Any]) -> set[str]:
    roles = person.get("roles", [])
    listed = roles if isinstance(roles, list) else []
    return {role.lower() for role in (*listed, person.get("role")) if isinstance(role, str)}


def _license_of(package: dict[str, Any]) -> str:
    for one in _dicts(package.get("licenses")):
        for value in (one.get("name"), one.get("path"), one.get("title")):
            if found := license_identifier(tidy_line(value, of="license")):
                return found
    return ""


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
