"""Models that were joined into others: their addresses lead to these."""

from django.db import models


class FormerModel(models.Model):
    """The number of a model that is gone, and the model that has its files now."""

    id = models.BigIntegerField(primary_key=True, help_text="What the model's number was.")
    model = models.ForeignKey("models3d.Model3D", on_delete=models.CASCADE, related_name="former_models")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.pk}, now {self.model_id}"
