"""The part of consent in `manage.py status`."""

from typing import Any

from django.utils import timezone

from .models import Answer, AskedWork, Consent
from .queries import live_at, pauses_at
from .states import AskedState, ConsentState


def consent_counts() -> dict[str, Any]:
    """How much is asked, in force, resting and withdrawn, and how many questions of authors wait; counts, no names."""
    now = timezone.now()
    return {
        "asked": AskedWork.objects.filter(state=AskedState.OPEN).count(),
        "in_force": live_at(now).count(),
        "withdrawn": Consent.objects.filter(state=ConsentState.WITHDRAWN).count(),
        "questions": Answer.objects.filter(
            asked_at__isnull=False, replied_at=None, work__state=AskedState.OPEN
        ).count(),
        "pauses": pauses_at(now).count(),
    }
