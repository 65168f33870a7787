"""Private files, and who was handed which."""

from django.db import models

PUBLIC = 0


class StoredFile(models.Model):
    """One private file. Its key is never part of an address: the only way out is hand_out()."""

    key = models.CharField(max_length=200, unique=True)
    name = models.CharField(max_length=120, help_text="what a person sees when saving it")
    content_type = models.CharField(max_length=80)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField(auto_now_add=True)
    erased_at = models.DateTimeField(null=True, help_text="its bytes are gone on purpose since; who had it stays known")

    def __str__(self) -> str:
        return self.key


class HandOut(models.Model):
    """That a file left through the exit: one row per file, person, purpose and day, counting how often.

    The person is a number, not a relation: files lie below people, and the trail outlives the account.
    """

    file = models.ForeignKey(StoredFile, on_delete=models.CASCADE, related_name="hand_outs")
    person_id = models.BigIntegerField(default=PUBLIC, help_text="0 for the public")
    purpose = models.CharField(max_length=40)
    day = models.DateField()
    times = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file", "person_id", "purpose", "day"], name="storage_one_row_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.file_id} for {self.purpose} on {self.day}"
