"""The counted answers a question knows, with their words."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from artists.feedback.models import Question

from .states import QuestionKind

COMPARED: tuple[tuple[str, Any], ...] = (
    ("a", _("A is better")),
    ("b", _("B is better")),
    ("same", _("Both are as good")),
    ("neither", _("Neither is good")),
)


def labels_of(one: Question) -> list[tuple[str, Any]]:
    """Value and words in their order; empty for questions that only take words or a frame."""
    if one.kind == QuestionKind.CHOICE:
        return [(str(number), words) for number, words in enumerate(one.choices)]
    if one.kind == QuestionKind.COMPARE:
        return list(COMPARED)
    if one.kind != QuestionKind.SCALE:
        return []
    ends = {1: one.low, one.points: one.high}
    return [(str(n), f"{n}: {ends[n]}" if ends.get(n) else str(n)) for n in range(1, one.points + 1)]
