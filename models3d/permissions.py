"""Who may do what with a model. What a person may not see answers 404, as if it were not there."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from models3d.audience import Audience
from models3d.models import Model3D, ModelFile


def get_visible_model(request: HttpRequest, pk: int) -> Model3D:
    """The model with its library and creator, if the person may see it; else Http404."""
    models = (
        Model3D.objects.visible_to(request.user).select_related("library", "creator").defer("search_vector")
    )
    found = models.filter(pk=pk).first() if pk < 2**63 else None
    if found is None:
        raise Http404
    return found


def visible_successor(request: HttpRequest, pk: int) -> Model3D | None:
    """The model that a former one was joined into, if there is one and the person may see it."""
    models = Model3D.objects.visible_to(request.user).defer("search_vector")
    return models.filter(former_models=pk).first() if pk < 2**63 else None


def get_editable_model(request: HttpRequest, pk: int) -> Model3D:
    """The same, if the person may also change it; Http404 if they may not see it, else PermissionDenied."""
    model = get_visible_model(request, pk)
    require_editor(request)
    return model


def may_edit(request: HttpRequest) -> bool:
    """Whether the person edits models they see: owners, editors, and whoever was given “Can change model”."""
    return request.user.has_perm("models3d.change_model3d")


def require_editor(request: HttpRequest) -> None:
    """Raise PermissionDenied unless the person edits models; for what editors do beyond one model."""
    if not may_edit(request):
        raise PermissionDenied("You may look at models, not change them. The owner can make you an editor.")


def may_arrange(request: HttpRequest, audience: Audience) -> bool:
    """Whether the person may rename, merge and delete what all people share: editors who see every library."""
    return audience.sees_all and may_edit(request)


def require_arranging(request: HttpRequest, audience: Audience) -> None:
    """Raise PermissionDenied unless the person may arrange."""
    if not may_arrange(request, audience):
        raise PermissionDenied("Only editors who may see every library can change what all people share.")


def get_visible_file(request: HttpRequest, pk: int) -> ModelFile:
    """The file with its library, if the person may see it; else Http404."""
    files = ModelFile.objects.visible_to(request.user).select_related("library")
    found = files.filter(pk=pk).first() if pk < 2**63 else None
    if found is None:
        raise Http404
    return found
