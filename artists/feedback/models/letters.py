"""Open letters, who signs them, and what the program answers."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from artists.agreements.models import digest_of
from artists.feedback.letters.states import LetterState, ShownAs, SignatureState


class OpenLetter(models.Model):
    """A letter. From its first signature on its text never changes; once public, nothing of it does."""

    slug = models.SlugField(max_length=80, unique=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="open_letters")
    shown_as = models.CharField(max_length=6, choices=ShownAs.choices)
    name = models.CharField(max_length=120, help_text="of its author, as it stands under the letter")
    title = models.CharField(max_length=160)
    text = models.TextField(help_text="Markdown")
    digest = models.CharField(
        max_length=64, blank=True, help_text="of what is signed; empty before the first signature"
    )
    state = models.CharField(max_length=10, choices=LetterState.choices, default=LetterState.DRAFT)
    needed = models.PositiveSmallIntegerField(null=True, help_text="signatures that make it public, as promised then")
    number = models.PositiveIntegerField(null=True, unique=True, help_text="in the order of publication")
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=LetterState.values), name="feedback_letter_state_known"),
            models.CheckConstraint(condition=~Q(title="") & ~Q(text="") & ~Q(name=""), name="feedback_letter_says"),
            models.CheckConstraint(
                condition=Q(
                    state=LetterState.PUBLIC,
                    number__isnull=False,
                    published_at__isnull=False,
                    needed__isnull=False,
                )
                | (~Q(state=LetterState.PUBLIC) & Q(number__isnull=True, published_at__isnull=True)),
                name="feedback_letter_public_has_a_number",
            ),
            models.CheckConstraint(
                condition=~Q(state=LetterState.SEEKING) | Q(needed__gte=1, needed__isnull=False),
                name="feedback_letter_knows_its_number",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-number"], name="feedback_letters_public"),
            models.Index(fields=["state", "-opened_at"], name="feedback_letters_seeking"),
        ]

    def __str__(self) -> str:
        # Not its title: the record keeps this, and staff read the record before they may read the letter.
        return f"open letter {self.pk}"

    @property
    def text_digest(self) -> str:
        """SHA-256 of the title, an empty line and the text: what a signature binds to."""
        return digest_of(f"{self.title}\n\n{self.text}")

    @property
    def is_public(self) -> bool:
        """Whether everybody reads it."""
        return self.state == LetterState.PUBLIC

    @property
    def seeks(self) -> bool:
        """Whether fellow artists read it."""
        return self.state == LetterState.SEEKING


class Cosignature(models.Model):
    """One artist's name under a letter, for exactly this text. Never deleted; a name taken back is no longer shown."""

    letter = models.ForeignKey(OpenLetter, on_delete=models.PROTECT, related_name="signatures")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="letter_signatures")
    shown_as = models.CharField(max_length=6, choices=ShownAs.choices)
    name = models.CharField(max_length=120, help_text="as it stands under the letter")
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=SignatureState.choices, default=SignatureState.SIGNED)
    signed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["signed_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=SignatureState.values), name="feedback_signature_state_known"),
            models.UniqueConstraint(fields=["letter", "person"], name="feedback_letter_signed_once"),
            models.CheckConstraint(condition=~Q(name=""), name="feedback_signature_has_a_name"),
        ]
        indexes = [models.Index(fields=["letter", "state", "signed_at"], name="feedback_signatures_of")]

    def __str__(self) -> str:
        return f"signature of {self.person_id}: {self.state}"


class LetterAnswer(models.Model):
    """What the program says beneath a public letter. Never changed, never removed; a second answer stands below."""

    letter = models.ForeignKey(OpenLetter, on_delete=models.PROTECT, related_name="answers")
    text = models.TextField(help_text="Markdown")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="feedback_letter_answer_says")]

    def __str__(self) -> str:
        return f"answer to {self.letter_id}"
