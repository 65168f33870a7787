"""Access tokens: an artist's scoped, expiring, budgeted credentials for the API."""

from django.db import models

from artists.people.states import TokenScope, TokenState

from .people import Person


class AccessToken(models.Model):
    """One credential. Only a keyed digest is stored; `prefix` is its public name, in the record and on screens."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=8, unique=True)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list, help_text="what it may be used for")
    state = models.CharField(max_length=10, choices=TokenState.choices, default=TokenState.LIVE)
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    replaced_by = models.OneToOneField(
        "self", on_delete=models.SET_NULL, null=True, related_name="replaces", help_text="rotated into this one"
    )

    budget_seconds = models.PositiveIntegerField(help_text="seconds of GPU work in its whole life")
    budget_generations = models.PositiveIntegerField(help_text="generations in its whole life")
    held_ms = models.PositiveBigIntegerField(default=0, help_text="GPU work expected of generations under way")
    spent_ms = models.PositiveBigIntegerField(default=0, help_text="GPU work of generations that were delivered")
    made_generations = models.PositiveIntegerField(default=0, help_text="under way or delivered")
    at_once = models.PositiveSmallIntegerField(default=1, help_text="generations under way at one moment")
    longest_ms = models.PositiveIntegerField(null=True, help_text="longest film; none: as long as the program allows")
    largest_pixels = models.PositiveIntegerField(null=True, help_text="width times height; none: what the model makes")
    networks = models.JSONField(default=list, help_text="where it may be used from; none: anywhere")

    used_at = models.DateTimeField(null=True)
    used_from = models.GenericIPAddressField(null=True)
    used_by = models.CharField(max_length=200, blank=True, help_text="what the client called itself")

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=TokenState.values), name="people_token_state_known"),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("made_at")), name="people_token_expires_later"
            ),
            models.CheckConstraint(
                condition=models.Q(state=TokenState.LIVE) | models.Q(revoked_at__isnull=False),
                name="people_token_revoked_is_dated",
            ),
            models.CheckConstraint(
                condition=models.Q(made_generations__lte=models.F("budget_generations")),
                name="people_token_within_budget",
            ),
        ]

    def __str__(self) -> str:
        return f"token {self.prefix}"

    @property
    def spent_seconds(self) -> float:
        """GPU work of delivered generations, in seconds."""
        return self.spent_ms / 1000

    @property
    def scope_words(self) -> str:
        """What it may be used for, in words."""
        return ", ".join(str(TokenScope(scope).label) for scope in self.scopes)


class TokenPlace(models.Model):
    """A network a token was used from: the owner is told of a first use from a new one."""

    token = models.ForeignKey(AccessToken, on_delete=models.CASCADE, related_name="places")
    network = models.CharField(max_length=50)
    client = models.CharField(max_length=200, blank=True)
    first_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "network"], name="people_token_place_once")]

    def __str__(self) -> str:
        return f"{self.token_id} from {self.network}"
