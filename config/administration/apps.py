"""Django's admin with the site of `config.administration.site`."""

from django.contrib.admin.apps import AdminConfig


class AdministrationConfig(AdminConfig):
    default_site = "config.administration.site.AdministrationSite"
