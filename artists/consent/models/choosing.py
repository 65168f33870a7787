"""What an artist decided beforehand, for all works or for one."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from artists.consent.kinds import UseKind
from generation.models import Clip


class Stance(models.TextChoices):
    """Nothing is allowed by any of these: a yes still names one use, one place and one period, with a receipt."""

    LATER = "later", _("decide later, per work")
    NO = "no", _("no; do not ask me")
    YES = "yes", _("yes, up to a year at a time; tell me each time")


class Preference(models.Model):
    """One person's stance on one use; with a clip it is for that work only and goes before the general one."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="consent_preferences")
    clip = models.ForeignKey(Clip, on_delete=models.CASCADE, null=True, related_name="+")
    kind = models.CharField(max_length=12, choices=UseKind.choices)
    stance = models.CharField(max_length=6, choices=Stance.choices, default=Stance.LATER)
    chosen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=UseKind.values), name="consent_preference_kind_known"),
            models.CheckConstraint(condition=Q(stance__in=Stance.values), name="consent_stance_known"),
            models.UniqueConstraint(fields=["person", "kind"], condition=Q(clip=None), name="consent_one_stance"),
            models.UniqueConstraint(
                fields=["person", "kind", "clip"], condition=Q(clip__isnull=False), name="consent_one_stance_per_work"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.kind} {self.stance}"
