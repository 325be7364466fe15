"""The description of the API: what django-ninja tells of the operations, with scopes, problems and the ways to sign in."""

from typing import Any, Final

from ninja import NinjaAPI

_PROBLEM: Final = {
    "type": "object",
    "title": "Problem",
    "description": "What went wrong, as RFC 9457 writes it; `detail` is a sentence for people.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {"type": "array", "items": {"type": "object"}},
        "retry_after": {"type": "integer", "description": "Seconds."},
    },
}
_TROUBLE: Final = {
    "description": "A problem in words",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
_IF_MATCH: Final = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "schema": {"type": "string"},
    "description": "The ETag of what you read: the change is refused (412) if somebody else was faster.",
}


def described(api: NinjaAPI, *, prefix: str) -> dict[str, Any]:
    """The description as OpenAPI 3.1; `prefix` stands in front of every address."""
    document: dict[str, Any] = dict(api.get_openapi_schema(path_prefix=prefix.strip("/") + "/"))
    for operations in document["paths"].values():
        for method, operation in operations.items():
            operation["responses"]["default"] = _TROUBLE
            operation["description"] = _described(operation)
            operation["security"] = [{"Token": []}, {"Session": []}]
            if method in {"patch", "put"} and "requestBody" in operation:
                operation["parameters"] = [*operation["parameters"], _IF_MATCH]
    components = document["components"]
    components["schemas"]["Problem"] = _PROBLEM
    components["securitySchemes"] = {
        "Token": {"type": "http", "scheme": "bearer", "description": "A token of yours, made under Preferences."},
        "Session": {
            "type": "apiKey", "in": "cookie", "name": "sessionid",
            "description": "Changes also send the header X-CSRFToken.",
        },
    }  # fmt: skip
    return document


def _described(operation: dict[str, Any]) -> str:
    told = " ".join(operation.get("description", "").split())
    return f"{told} A token needs the scope `{operation['x-scope']}`.".strip()
