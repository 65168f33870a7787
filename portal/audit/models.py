"""The record: one row per act, each holding the digest of the one before."""

from django.db import models


class Head(models.Model):
    """The end of the chain; its row lock puts the appends in order."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="audit_one_head")]

    def __str__(self) -> str:
        return f"{self.number} {self.digest[:12]}"


class Entry(models.Model):
    """Who did what to what. No foreign keys: a deleted account leaves its trail."""

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    action = models.CharField(max_length=80, db_index=True)
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=200)
    subject_kind = models.CharField(max_length=80, blank=True)
    subject_id = models.CharField(max_length=64, blank=True)
    subject_label = models.CharField(max_length=200, blank=True)
    body = models.TextField(help_text="canonical JSON of the whole entry: what the digest covers")
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["number"]
        verbose_name_plural = "entries"
        indexes = [models.Index(fields=["subject_kind", "subject_id"]), models.Index(fields=["actor_id"])]

    def __str__(self) -> str:
        return f"{self.number} {self.action} by {self.actor_label}"
