"""The memory of prompts: what an artist asked for in words, and clearing it."""

import hashlib
from collections.abc import Iterable

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from artists.people.models import Person
from portal.access import require
from portal.audit.chain import record

from .models import UsedPrompt


def remember_prompts(texts: Iterable[str], *, owner: Person) -> None:
    """Note that these texts were used now; inside the submit transaction, under its lock."""
    now = timezone.now()
    for text in dict.fromkeys(texts):
        digest = hashlib.sha256(text.encode()).hexdigest()
        known = UsedPrompt.objects.filter(owner=owner, digest=digest)
        if not known.update(used_at=now, times=F("times") + 1):
            UsedPrompt.objects.create(owner=owner, digest=digest, text=text, used_at=now)


@transaction.atomic
def forget_prompt(prompt: UsedPrompt, *, actor: Person) -> None:
    """Clear one text from the memory; films made from it keep it."""
    require("generation.forget_prompt", actor, prompt)
    UsedPrompt.objects.filter(pk=prompt.pk).delete()


@transaction.atomic
def forget_all_prompts(*, actor: Person) -> int:
    """Clear the whole memory; how many texts went."""
    require("generation.forget_prompt", actor, None)
    count, _kinds = UsedPrompt.objects.filter(owner=actor).delete()
    record("generation.forget_prompts", actor=actor, subject=actor, detail={"count": count})
    return count
