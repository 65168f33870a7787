"""The part of open letters in `manage.py status`."""

from typing import Any

from artists.feedback.models import OpenLetter

from .queries import promised, public_letters
from .states import LetterState


def letter_counts() -> dict[str, Any]:
    """How many are public, unanswered and seeking signatures, and the number promised; no titles."""
    return {
        "public": OpenLetter.objects.filter(state=LetterState.PUBLIC).count(),
        "unanswered": public_letters().filter(answered=False).order_by().count(),
        "seeking": OpenLetter.objects.filter(state=LetterState.SEEKING).count(),
        "signatures_promised": promised(),
    }
