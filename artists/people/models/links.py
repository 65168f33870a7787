"""One-time sign-in links of the demonstration."""

from django.db import models

from .people import Person


class SignInLink(models.Model):
    """A one-time sign-in link of the demonstration; only its digest is stored. Works on loopback alone."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="sign_in_links")
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"link of {self.person_id}"
