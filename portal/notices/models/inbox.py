"""A person's inbox."""

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
    in_digest = models.BooleanField(default=False, help_text="waits for the person's next daily digest")

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["person", "key"], name="notices_told_once"),
            models.CheckConstraint(
                condition=models.Q(url="") | (models.Q(url__startswith="/") & ~models.Q(url__startswith="//")),
                name="notices_links_to_this_site",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-at", "-id"], name="notices_newest_of_person"),
            models.Index(fields=["person", "kind", "-at", "-id"], name="notices_newest_of_kind"),
            models.Index(
                fields=["person", "-at", "-id"], condition=models.Q(read_at__isnull=True), name="notices_newest_unread"
            ),
            models.Index(fields=["person"], condition=models.Q(in_digest=True), name="notices_for_digest"),
        ]

    def __str__(self) -> str:
        return self.title
