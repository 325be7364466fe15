"""Trying other grouping rules of a library on its files before they are used."""

from dataclasses import replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from config.lib.bell import ring
from libraries.permissions import get_managed_library
from scanning.decisions import decisions_of
from scanning.folder_rules import FolderRule, How
from scanning.forms import RulesForm
from scanning.models import FolderGrouping
from scanning.rule_effects import MOST_FILES, effect_of_rules
from scanning.runner import request_scan
from scanning.steering import resume_scan
from scanning.tasks import run_scan


@require_http_methods(["GET", "POST"])
def rules(request: HttpRequest, library_id: int) -> HttpResponse:
    """The rules as a form; sent, it shows what would become of the models, with `apply` it saves the rules and scans."""
    library = get_managed_library(request, library_id)
    form = RulesForm(request.POST or None, instance=library)
    context = {"library": library, "name": form.initial["name"], "form": form, "most": MOST_FILES}
    context["ruled"] = FolderGrouping.objects.filter(library=library.pk)[:100]
    if not form.is_valid():
        return render(request, "scanning/rules.html", context)
    if "apply" in request.POST:
        form.save_rules(by=request.user)
        requested = request_scan(library, requested_by=request.user)
        resume_scan(requested.pk)
        ring(run_scan, requested.pk)
        messages.success(request, f"The rules of {library.name} are saved. Its files are sorted by them now.")
        return redirect("scanning:activity")
    if library.file_count <= MOST_FILES:
        decisions = decisions_of(library.pk)
        if folder := form.cleaned_data["folder"]:
            rule = FolderRule(How(form.cleaned_data["how"]), *map(tuple, form.folder_names))
            decisions = replace(decisions, folders={**decisions.folders, folder: rule})
        context["effect"] = effect_of_rules(library, decisions)
    return render(request, "scanning/rules.html", context | {"is_tried": True})
