"""The vocabulary: every word that names, tags and creators of models are made of."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models


class Word(models.Model):
    """A word without accents in lower case, with its stem as word search has it; learnt from all libraries together.

    A person is only offered words that find something they may see.
    """

    word = models.CharField(max_length=40, unique=True)
    stem = models.CharField(max_length=40)
    model_count = models.PositiveIntegerField()
    learned_at = models.DateTimeField()

    class Meta:
        ordering = ["word"]
        indexes = [GinIndex(OpClass("word", "gin_trgm_ops"), name="word_trigrams")]

    def __str__(self) -> str:
        return self.word
