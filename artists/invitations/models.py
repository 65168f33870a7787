"""Invitations into the program."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from artists.people.roles import Role
from portal.program.models import Cohort

from .states import OPEN_STATES, InvitationState


class Invitation(models.Model):
    """One address asked in, once, until a date."""

    email = models.EmailField()
    name = models.CharField(max_length=120, blank=True, help_text="how the letter greets; the person may change it")
    role = models.CharField(max_length=20, choices=Role.choices, default=Role.ARTIST)
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, null=True, blank=True, related_name="invitations")
    daily_seconds = models.PositiveIntegerField(null=True, blank=True, help_text="quota instead of the cohort's")
    message = models.TextField(blank=True, max_length=1000, help_text="a personal word in the letter")
    state = models.CharField(max_length=10, choices=InvitationState.choices, default=InvitationState.SENT)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(default=timezone.now, help_text="when the last letter was written")
    letters = models.PositiveSmallIntegerField(default=1, help_text="how many letters were written")
    opened_at = models.DateTimeField(null=True, help_text="when the link was first visited")
    expires_at = models.DateTimeField()
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="invitations",
        help_text="who accepted",
    )
    answered_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True, help_text="why it was declined or came back, if said")
    asked_again_at = models.DateTimeField(null=True, help_text="when the holder of an expired link asked for a new one")

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=InvitationState.values), name="invitations_state_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(role=Role.ARTIST) | models.Q(cohort__isnull=False),
                name="invitations_artist_has_cohort",
            ),
            models.UniqueConstraint(
                fields=["email", "role"],
                condition=models.Q(state__in=[state.value for state in OPEN_STATES]),
                name="invitations_one_open",
            ),
        ]
        indexes = [models.Index(fields=["state", "-made_at"])]

    def __str__(self) -> str:
        return f"invitation {self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether an answer could still come, were it not for the date."""
        return self.state in OPEN_STATES

    @property
    def is_expired(self) -> bool:
        """Whether its date has passed."""
        return self.expires_at <= timezone.now()


class InvitationLink(models.Model):
    """A link of an invitation, by its digest alone. A letter sent again brings a new one; the older still lead here."""

    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, related_name="links")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"link of invitation {self.invitation_id}"
