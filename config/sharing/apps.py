"""Django application: links with which guests see one model or collection. Knows models, collections and accounts."""

from django.apps import AppConfig


class SharingConfig(AppConfig):
    name = "config.sharing"
    label = "sharing"
    verbose_name = "Shared links"
