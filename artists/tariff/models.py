"""Versions of the tariff and their prices. What is published never changes: triggers.py holds that in the database."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from .states import TariffState


class TariffVersion(models.Model):
    """All prices of one period, in one currency."""

    number = models.PositiveIntegerField(unique=True)
    state = models.CharField(max_length=10, choices=TariffState.choices, default=TariffState.DRAFT)
    currency = models.CharField(max_length=3)
    note = models.TextField(blank=True, help_text="what changes and why; everybody reads it")
    edits = models.PositiveIntegerField(default=0, help_text="so that nothing is published that was not seen")
    in_force_from = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    by_label = models.CharField(max_length=200)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=TariffState.values), name="tariff_state_known"),
            models.CheckConstraint(
                condition=Q(state=TariffState.DRAFT, in_force_from=None, published_at=None)
                | Q(state=TariffState.PUBLISHED, in_force_from__isnull=False, published_at__isnull=False),
                name="tariff_published_is_dated",
            ),
            models.UniqueConstraint(fields=["state"], condition=Q(state=TariffState.DRAFT), name="tariff_one_draft"),
        ]
        indexes = [models.Index(fields=["state", "-in_force_from", "-number"], name="tariff_in_force")]

    def __str__(self) -> str:
        return f"tariff {self.number}"


class TariffPrice(models.Model):
    """What one kind of contribution pays, in minor units; 0 is unpaid, and says so."""

    version = models.ForeignKey(TariffVersion, on_delete=models.PROTECT, related_name="prices")
    kind = models.CharField(max_length=60)
    amount = models.PositiveBigIntegerField(default=0)

    class Meta:
        ordering = ["kind"]
        constraints = [models.UniqueConstraint(fields=["version", "kind"], name="tariff_one_price_each")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.amount}"
