"""News on its way: what happened, and who has heard it."""

from django.db import models


class Happening(models.Model):
    """One piece of news, written with the act it tells of."""

    kind = models.CharField(max_length=80)
    key = models.CharField(max_length=400, unique=True)
    values = models.JSONField()
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.key


class Delivery(models.Model):
    """One listener's copy of it; stays until heard."""

    happening = models.ForeignKey(Happening, on_delete=models.CASCADE, related_name="deliveries")
    listener = models.CharField(max_length=80)
    heard_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField()
    error = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [models.UniqueConstraint(fields=["happening", "listener"], name="happenings_told_once")]
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(heard_at__isnull=True), name="happenings_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.happening_id} -> {self.listener}"
