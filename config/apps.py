"""Django application of the composition root."""

from importlib import import_module

from django.apps import AppConfig


class CompositionConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        import_module("config.celery")  # tasks are bound to the app wherever Django runs
        import_module("config.checks")
