"""Columns of a file that a person put aside because another one stays in its place."""

from django.db import models


class PutAside(models.Model):
    """Whether a file is put aside: it stays where it lies, and is left out of lists, figures and groups of duplicates.

    `put_aside_for` is the SHA-256 of the content that stays. It is a content and not a row, so that files may be moved;
    the file comes back when that content is no longer there (`models3d.putting_aside`).
    """

    put_aside_at = models.DateTimeField(null=True, blank=True, editable=False)
    put_aside_for = models.CharField(max_length=64, blank=True, default="", db_default="", editable=False)

    class Meta:
        abstract = True
