"""A person's printers: adding, choosing the default, and the bed that a name stands for."""

from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet

from models3d.beds import Bed
from models3d.models import Printer
from models3d.prints.common_printers import COMMON_PRINTERS, nearest_name

# What stands for a printer as long as a person has named none.
USUAL_BED: Final = Bed("usual printer", 220, 220, 250)
MINE: Final = frozenset({"mine", "my"})
# More than one finds again in a list.
MOST_PRINTERS: Final = 50


class PrinterNotSaved(ValueError):
    """The name is taken, or there are too many; the text is a sentence for the user."""


def printers_of(user: Any) -> QuerySet[Printer]:
    """The printers of `user`, the default one first. Nobody else sees them."""
    return Printer.objects.filter(user=user).order_by(F("chosen_at").desc(nulls_last=True), "id")


def default_printer(user: Any) -> Printer | None:
    """The printer chosen last, else the first one; None where the person has none."""
    return printers_of(user).first()


def bed_of(user: Any) -> Bed:
    """The bed of the default printer, or a usual one."""
    printer = default_printer(user)
    return printer.bed if printer else USUAL_BED


def bed_called(typed: str, *, user: Any) -> Bed | None:
    """The bed of what is called so: “mine”, one of the person's printers, or a usual printer; None where there is none."""
    if typed.lower() in MINE:
        return bed_of(user)
    own = {printer.name: printer.bed for printer in printers_of(user)}
    for beds in (own, COMMON_PRINTERS):
        if name := nearest_name(typed, list(beds)):
            return beds[name]
    return None


def save_printer(printer: Printer) -> None:
    """Keep a new printer, or what was changed of one. Raises PrinterNotSaved."""
    if printer._state.adding and printers_of(printer.user).count() >= MOST_PRINTERS:
        raise PrinterNotSaved(f"You have {MOST_PRINTERS} printers here. Delete one first.")
    try:
        with transaction.atomic():
            printer.save()
    except IntegrityError as error:
        raise PrinterNotSaved(
            f"You already have a printer called “{printer.name}”. Choose another name."
        ) from error


def add_common_printer(name: str, *, user: Any) -> Printer:
    """Keep the usual printer of this name as one of the person's. Raises PrinterNotSaved."""
    bed = COMMON_PRINTERS.get(name)
    if bed is None:
        raise PrinterNotSaved("Choose a printer of the list, or type the figures of your own.")
    printer = Printer(user=user, name=name, bed_x_mm=bed.x_mm, bed_y_mm=bed.y_mm, bed_z_mm=bed.z_mm)
    save_printer(printer)
    return printer


def choose_printer(printer: Printer, *, now: datetime) -> None:
    """Make it the default of its person."""
    printer.chosen_at = now
    printer.save(update_fields=["chosen_at"])
