"""Letters on their way."""

from django.conf import settings
from django.db import models


class Letter(models.Model):
    """A mail waiting to be sent, or sent. One to a person of the program waits for the end of their quiet hours."""

    key = models.CharField(max_length=160, unique=True)
    to = models.EmailField()
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="letters"
    )
    kind = models.CharField(max_length=60, blank=True, help_text="the kind of notice it tells, or the digest")
    urgent = models.BooleanField(default=False, help_text="does not wait for the end of quiet hours")
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
