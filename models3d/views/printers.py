"""A person's printers: list, add, change, choose the default, delete. Nobody else's are seen."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from models3d.forms import PrinterForm
from models3d.models import Printer
from models3d.prints.common_printers import COMMON_PRINTERS
from models3d.prints.printers import (
    USUAL_BED,
    PrinterNotSaved,
    add_common_printer,
    choose_printer,
    printers_of,
    save_printer,
)


@require_http_methods(["GET", "HEAD", "POST"])
def printers(request: HttpRequest) -> HttpResponse:
    """The person's printers; POST adds one by its figures."""
    user: Any = request.user
    form = PrinterForm(request.POST or None, instance=Printer(user=user))
    if _is_saved(form):
        messages.success(request, f"{form.instance.name} is one of your printers now.")
        return redirect("models3d:printers")
    own = list(printers_of(request.user))
    context = {"printers": own, "form": form, "common": COMMON_PRINTERS.values(), "usual": USUAL_BED}
    return render(request, "models3d/printers.html", context)


@require_POST
def add_common(request: HttpRequest) -> HttpResponse:
    """Add the usual printer of the name `printer`."""
    try:
        printer = add_common_printer(request.POST.get("printer", ""), user=request.user)
    except PrinterNotSaved as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"{printer.name} is one of your printers now.")
    return redirect("models3d:printers")


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Name and figures of a printer."""
    printer = _own_printer(request, pk)
    name = printer.name
    form = PrinterForm(request.POST or None, instance=printer)
    if _is_saved(form):
        messages.success(request, f"{printer.name} is saved.")
        return redirect("models3d:printers")
    return render(request, "models3d/printer_form.html", {"form": form, "name": name})


@require_POST
def choose(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a printer the default."""
    printer = _own_printer(request, pk)
    choose_printer(printer, now=timezone.now())
    messages.success(request, f"{printer.name} is your default printer now.")
    return redirect("models3d:printers")


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget a printer."""
    printer = _own_printer(request, pk)
    printer.delete()
    messages.success(request, f"{printer.name} is no longer one of your printers.")
    return redirect("models3d:printers")


def _is_saved(form: PrinterForm) -> bool:
    if not form.is_valid():
        return False
    try:
        save_printer(form.instance)
    except PrinterNotSaved as error:
        form.add_error("name", str(error))
        return False
    return True


def _own_printer(request: HttpRequest, pk: int) -> Printer:
    found = printers_of(request.user).filter(pk=pk).first() if pk < 2**63 else None
    if found is None:
        raise Http404
    return found
