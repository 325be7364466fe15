"""What a path template would tell of the models that a library has; nothing is written."""

from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import Exists, OuterRef

from libraries.models import Library
from libraries.path_template import PathTemplate, TemplateError
from models3d.models import Model3D, ModelFile
from scanning.path_values import values_of_path

_LOOKED_AT: Final = 1_000
_SHOWN: Final = 12


@dataclass(frozen=True, slots=True)
class Example:
    """The path of a model, and what it tells; `values` are empty where the path is built otherwise."""

    path: str
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Effect:
    """Of the newest `looked_at` models `told` tell something; some `examples`. Or the sentence why the template is wrong."""

    error: str = ""
    looked_at: int = 0
    told: int = 0
    examples: list[Example] = field(default_factory=list)


def effect_of(text: str, library: Library) -> Effect:
    """Try the template `text` on the newest models of `library`; the examples are spread evenly over them."""
    if not text.strip():
        return Effect()
    try:
        template = PathTemplate(text.strip())
    except TemplateError as error:
        return Effect(error=str(error))
    # Any: the annotation is a column that the plugin of mypy does not see.
    models: Any = Model3D.objects.present().filter(library=library).order_by("-added_at", "-id")
    itself = ModelFile.objects.filter(model=OuterRef("pk"), relative_path=OuterRef("relative_path"))
    newest = models.annotate(is_file=Exists(itself)).values_list("relative_path", "is_file")[:_LOOKED_AT]
    tried = [Example(path, values_of_path(path, template, is_file=is_file)) for path, is_file in newest]
    told = sum(bool(one.values) for one in tried)
    return Effect(looked_at=len(tried), told=told, examples=tried[:: max(1, len(tried) // _SHOWN)][:_SHOWN])
