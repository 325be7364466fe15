"""Forms in the look of the pages: gives every text-like widget the class that the style sheet knows."""

from typing import Any

from django import forms

_UNSTYLED = (forms.CheckboxInput, forms.RadioSelect, forms.CheckboxSelectMultiple, forms.HiddenInput)


class PageFormMixin(forms.BaseForm):
    """Mix in before a Django form; templates show each field with `components/field.html`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if not isinstance(field.widget, _UNSTYLED):
                field.widget.attrs.setdefault("class", "field")
