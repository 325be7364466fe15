"""Printers in the admin."""

from django.contrib import admin

from config.lib.administration import BrowsingAdmin
from models3d.models import Printer


@admin.register(Printer)
class PrinterAdmin(BrowsingAdmin):
    list_display = ["name", "user", "bed_x_mm", "bed_y_mm", "bed_z_mm", "nozzle_mm", "chosen_at"]
    list_select_related = ["user"]
    search_fields = ["name", "user__username__exact"]
    autocomplete_fields = ["user"]
