"""How people group things: collections (a tree), tags, creators, saved searches. Nothing here knows about files."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from tree_queries.models import TreeNode

from collections_app.querysets import CreatorQuerySet, TagQuerySet


class Collection(TreeNode):
    """A shelf of models that people put together; it may stand inside another."""

    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    cover_sha256 = models.CharField(
        max_length=64, blank=True, help_text="Content whose picture stands for the collection."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                "parent", Lower("name"), nulls_distinct=False, name="collection_name_unique_in_parent"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Tag(models.Model):
    """A word that people put on models. Case is kept but does not tell two tags apart."""

    name = models.CharField(max_length=100)
    model_count = models.PositiveIntegerField(default=0, editable=False)

    objects = TagQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(Lower("name"), name="tag_name_unique")]
        indexes = [models.Index(fields=["-model_count", "name"], name="tag_most_used")]

    def __str__(self) -> str:
        return self.name


class Creator(models.Model):
    """Who designed a model."""

    name = models.CharField(max_length=200)
    links = models.JSONField(default=list, blank=True)
    notes = models.TextField(blank=True)
    model_count = models.PositiveIntegerField(default=0, editable=False)

    objects = CreatorQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(Lower("name"), name="creator_name_unique")]
        indexes = [models.Index(fields=["-model_count", "name"], name="creator_most_used")]

    def __str__(self) -> str:
        return self.name


class SavedSearch(models.Model):
    """A search that a person keeps under a name: the query string of the grid."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_searches"
    )
    name = models.CharField(max_length=200)
    query = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "saved searches"
        constraints = [models.UniqueConstraint("user", Lower("name"), name="saved_search_name_unique")]

    def __str__(self) -> str:
        return self.name
