"""The agreement, its versions in their languages, who signed which text, and who declined."""

import hashlib
from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.program.models import Cohort
from portal.storage.models import StoredFile

from .states import VersionState


def digest_of(text: str) -> str:
    """SHA-256 of the exact text, hexadecimal: what a signature binds to."""
    return hashlib.sha256(text.encode()).hexdigest()


class Sort(models.TextChoices):
    """What a document is about."""

    PARTICIPATION = "participation", _("participation terms")
    NDA = "nda", _("confidentiality agreement")
    CONTENT = "content", _("content policy")


class Agreement(models.Model):
    """A document that artists sign; its text lives in versions."""

    slug = models.SlugField(unique=True)
    title = models.CharField(max_length=160)
    sort = models.CharField(max_length=16, choices=Sort.choices, default=Sort.PARTICIPATION)
    cohorts = models.ManyToManyField(
        Cohort, blank=True, related_name="agreements", help_text="who is asked to sign it; none: every cohort"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(sort__in=Sort.values), name="agreements_sort_known"),
        ]

    def __str__(self) -> str:
        return self.title


class AgreementVersion(models.Model):
    """One text of an agreement. Once published it never changes: a signature names the digest of this very text."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    language = models.CharField(max_length=10, default="en")
    summary = models.TextField(help_text="the same in plain words, one point a line")
    text = models.TextField(help_text="Markdown")
    digest = models.CharField(max_length=64, blank=True)
    confidential_until = models.DateField(null=True, blank=True, help_text="the last day of its confidentiality")
    state = models.CharField(max_length=10, choices=VersionState.choices, default=VersionState.DRAFT)
    published_at = models.DateTimeField(null=True, blank=True)
    in_force_from = models.DateTimeField(null=True, blank=True)
    grace_until = models.DateTimeField(
        null=True, blank=True, help_text="until then who signed an earlier version goes on under it"
    )

    class Meta:
        ordering = ["agreement_id", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="agreements_number_once"),
            models.CheckConstraint(condition=models.Q(state__in=VersionState.values), name="agreements_state_known"),
            models.CheckConstraint(
                condition=models.Q(state=VersionState.DRAFT)
                | (models.Q(in_force_from__isnull=False) & ~models.Q(digest="") & ~models.Q(text="")),
                name="agreements_published_is_dated",
            ),
            models.CheckConstraint(
                condition=models.Q(grace_until__isnull=True) | models.Q(grace_until__gte=models.F("in_force_from")),
                name="agreements_grace_after_force",
            ),
            models.UniqueConstraint(
                fields=["agreement"], condition=models.Q(state=VersionState.DRAFT), name="agreements_one_draft"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} v{self.number}"

    @property
    def text_digest(self) -> str:
        """The digest of the text as it stands."""
        return digest_of(self.text)

    @property
    def points(self) -> list[str]:
        """The plain-words summary, point by point."""
        return points_of(self.summary)

    @property
    def deadline(self) -> datetime | None:
        """From when on an earlier signature no longer does; None for a draft."""
        return self.grace_until or self.in_force_from

    @property
    def is_announced(self) -> bool:
        """Published, with its date still to come."""
        return self.in_force_from is not None and self.in_force_from > timezone.now()


def points_of(summary: str) -> list[str]:
    """A summary, point by point."""
    return [line.strip() for line in summary.splitlines() if line.strip()]


class Translation(models.Model):
    """A version in one more language; as fixed as the version itself once that is published."""

    version = models.ForeignKey(AgreementVersion, on_delete=models.CASCADE, related_name="translations")
    language = models.CharField(max_length=10)
    title = models.CharField(max_length=160)
    summary = models.TextField()
    text = models.TextField()
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["language"]
        constraints = [
            models.UniqueConstraint(fields=["version", "language"], name="agreements_language_once"),
            models.CheckConstraint(
                condition=~models.Q(text="") & ~models.Q(summary="") & ~models.Q(digest=""),
                name="agreements_translation_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} in {self.language}"


class Method(models.TextChoices):
    """How a signature was given."""

    TYPED_NAME = "typed-name", _("name typed in the browser, signed in")
    TYPED_NAME_FACTOR = "typed-name-2fa", _("name typed in the browser, signed in with a second factor")


class Signature(models.Model):
    """That a person signed this exact text."""

    version = models.ForeignKey(AgreementVersion, on_delete=models.PROTECT, related_name="signatures")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="signatures")
    language = models.CharField(max_length=10, default="en", help_text="of the text that was read")
    typed_name = models.CharField(max_length=160)
    digest = models.CharField(max_length=64)
    method = models.CharField(max_length=16, choices=Method.choices, default=Method.TYPED_NAME)
    signed_at = models.DateTimeField(auto_now_add=True)
    address = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=300, blank=True)
    paper = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, related_name="+", help_text="the signed text as PDF"
    )

    class Meta:
        ordering = ["-signed_at"]
        constraints = [
            models.UniqueConstraint(fields=["version", "person"], name="agreements_signed_once"),
            models.CheckConstraint(condition=~models.Q(typed_name=""), name="agreements_name_typed"),
            models.CheckConstraint(condition=models.Q(method__in=Method.values), name="agreements_method_known"),
        ]

    def __str__(self) -> str:
        return f"signature {self.pk} of {self.version}"


class Declining(models.Model):
    """That a person said no to a version. It can be signed later all the same."""

    version = models.ForeignKey(AgreementVersion, on_delete=models.PROTECT, related_name="declinings")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="declinings")
    reason = models.CharField(max_length=500, blank=True)
    declined_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "person"], name="agreements_declined_once")]

    def __str__(self) -> str:
        return f"{self.person_id} declined {self.version}"
