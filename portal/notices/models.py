"""A person's inbox, and letters on their way."""

from django.conf import settings
from django.db import models


class Notice(models.Model):
    """One line of a person's inbox. Says what happened and links in; never carries a prompt or a film."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=160, help_text="what makes it the same notice, so that it is told once")
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    url = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="notices_told_once")]
        indexes = [
            models.Index(fields=["person", "read_at"]),
            models.Index(fields=["person", "-at", "-id"], name="notices_newest_of_person"),
        ]

    def __str__(self) -> str:
        return self.title


class Letter(models.Model):
    """A mail waiting to be sent, or sent."""

    key = models.CharField(max_length=160, unique=True)
    to = models.EmailField()
    subject = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField(blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    came_back_at = models.DateTimeField(null=True, blank=True, help_text="the mail server refused the address for good")
    attempts = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)

    class Meta:
        ordering = ["-made_at", "-pk"]
        indexes = [models.Index(fields=["due_at"], condition=models.Q(sent_at__isnull=True), name="notices_unsent")]

    def __str__(self) -> str:
        return f"{self.subject} to {self.to}"
