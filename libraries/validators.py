"""Checks of what owners type about libraries, for forms and the admin alike."""

from django.core.exceptions import ValidationError

from libraries.path_template import PathTemplate, TemplateError


def validate_path_template(text: str) -> None:
    """Raise ValidationError, saying where, if `text` is no path template."""
    try:
        PathTemplate(text)
    except TemplateError as error:
        raise ValidationError(str(error)) from error
