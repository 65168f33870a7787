"""Suspensions: what is stopped, why, since and until when, by whom; and which processes have seen it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from artists.people.models import AccessToken
from portal.program.states import Running, Scope, SuspensionEnd, SuspensionState

from .cohorts import Cohort

_BARE = Q(token=None, artist=None, cohort=None, model="")
_TARGETS = (
    Q(scope=Scope.TOKEN, token__isnull=False, artist=None, cohort=None, model="")
    | Q(scope=Scope.ARTIST, token=None, artist__isnull=False, cohort=None, model="")
    | Q(scope=Scope.COHORT, token=None, artist=None, cohort__isnull=False, model="")
    | (Q(scope=Scope.MODEL, token=None, artist=None, cohort=None) & ~Q(model=""))
    | (Q(scope=Scope.PROGRAM) & _BARE)
)
_IN_FORCE = Q(state=SuspensionState.IN_FORCE)


class Suspension(models.Model):
    """Stops a token, an artist, a cohort, a model or the program. Its reason is read by those it stops.

    `until` is the end that was chosen. `stands_until` is set for the whole program only: without a second person, and
    then without a confirmation a day, it ends there by itself.
    """

    scope = models.CharField(max_length=10, choices=Scope.choices)
    token = models.ForeignKey(AccessToken, on_delete=models.PROTECT, null=True, related_name="suspensions")
    artist = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="suspensions"
    )
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, null=True, related_name="suspensions")
    model = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=300)
    running = models.CharField(max_length=10, choices=Running.choices, default=Running.STOP)
    state = models.CharField(max_length=10, choices=SuspensionState.choices, default=SuspensionState.IN_FORCE)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    by_label = models.CharField(max_length=200)
    ratified_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    ratified_at = models.DateTimeField(null=True)
    stands_until = models.DateTimeField(null=True)
    epoch = models.PositiveBigIntegerField(default=0, help_text="with which it began, or was made to stop running work")
    committed_at = models.DateTimeField(null=True, help_text="by the database's clock, the moment it was in force")
    ended_at = models.DateTimeField(null=True)
    ended_how = models.CharField(max_length=12, choices=SuspensionEnd.choices, blank=True)
    ended_by_label = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-since", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=SuspensionState.values), name="program_suspension_known"),
            models.CheckConstraint(condition=Q(running__in=Running.values), name="program_suspension_running_known"),
            models.CheckConstraint(condition=_TARGETS, name="program_suspension_one_target"),
            models.CheckConstraint(condition=~Q(reason=""), name="program_suspension_has_reason"),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gt=F("since")), name="program_suspension_ends"),
            models.CheckConstraint(
                condition=(_IN_FORCE & Q(ended_at=None)) | (~_IN_FORCE & Q(ended_at__isnull=False) & ~Q(ended_how="")),
                name="program_suspension_end_is_dated",
            ),
            models.CheckConstraint(
                condition=Q(ratified_by=None) | Q(by=None) | ~Q(ratified_by=F("by")),
                name="program_suspension_two_people",
            ),
            models.CheckConstraint(
                condition=Q(scope=Scope.PROGRAM, stands_until__isnull=False)
                | (~Q(scope=Scope.PROGRAM) & Q(stands_until=None, ratified_by=None)),
                name="program_suspension_whole_stands",
            ),
            models.UniqueConstraint(fields=["token"], condition=_IN_FORCE, name="program_one_per_token"),
            models.UniqueConstraint(fields=["artist"], condition=_IN_FORCE, name="program_one_per_artist"),
            models.UniqueConstraint(fields=["cohort"], condition=_IN_FORCE, name="program_one_per_cohort"),
            models.UniqueConstraint(
                fields=["model"], condition=_IN_FORCE & Q(scope=Scope.MODEL), name="program_one_per_model"
            ),
            models.UniqueConstraint(
                fields=["scope"], condition=_IN_FORCE & Q(scope=Scope.PROGRAM), name="program_one_of_all"
            ),
        ]
        indexes = [models.Index(fields=["scope"], condition=_IN_FORCE, name="program_stops_in_force")]

    def __str__(self) -> str:
        return f"suspension {self.pk} of {self.target}"

    @property
    def target(self) -> str:
        """What is stopped, as a command names it."""
        named = {
            Scope.TOKEN: self.token_id and f"token {self.token.prefix}",
            Scope.ARTIST: self.artist and f"artist {self.artist.label}",
            Scope.COHORT: self.cohort_id and f"cohort {self.cohort.slug}",
            Scope.MODEL: f"model {self.model}",
            Scope.PROGRAM: "the program",
        }
        return str(named[Scope(self.scope)])

    @property
    def ratified(self) -> bool:
        """Whether a second person stands behind it."""
        return self.ratified_by_id is not None


class Epoch(models.Model):
    """One row: grows with every suspension that begins, hardens or ends. What processes watch."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="program_one_epoch")]

    def __str__(self) -> str:
        return f"epoch {self.number}"


class Lookout(models.Model):
    """One live process: which epoch it has seen and obeyed, and when. Nothing depends on it but what people are told."""

    name = models.CharField(max_length=160, unique=True)
    kind = models.CharField(max_length=10, help_text="web, stream or worker")
    epoch = models.PositiveBigIntegerField(default=0)
    began_at = models.DateTimeField(help_text="when it began to watch: what was stopped before is no figure of its own")
    obeyed_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
