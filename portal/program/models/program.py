"""The program of this installation."""

from django.db import models

from portal.program.states import Doors


class Program(models.Model):
    """The one program of this installation."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    name = models.CharField(max_length=120)
    purpose = models.TextField(blank=True, help_text="what it is for, in plain words, on the public page")
    contact = models.EmailField(blank=True)
    state = models.CharField(max_length=10, choices=Doors.choices, default=Doors.CLOSED)
    state_reason = models.CharField(max_length=300, blank=True)
    state_since = models.DateTimeField(auto_now_add=True)
    sunset_at = models.DateTimeField(null=True, help_text="no new film from this moment on")
    sunset_words = models.CharField(
        max_length=600, blank=True, help_text="why, and what happens then; shown to everybody"
    )
    sunset_told = models.BooleanField(default=False, help_text="that the date has come was announced")
    letter_signatures = models.PositiveSmallIntegerField(
        default=10, help_text="that make an open letter public, as promised to everybody"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="program_only_one"),
            models.CheckConstraint(condition=models.Q(state__in=Doors.values), name="program_state_known"),
            models.CheckConstraint(condition=models.Q(letter_signatures__gte=1), name="program_letters_become_public"),
        ]

    def __str__(self) -> str:
        return self.name
