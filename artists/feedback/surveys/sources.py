"""A roadmap item can come from a response to a form; its author is told when it is shipped."""

from collections.abc import Collection

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from artists.feedback.models import Response
from artists.feedback.roadmap.sources import Source, register_source

from .states import ResponseState


def _people(keys: Collection[int]) -> dict[int, set[int]]:
    """Who sent these; drafts are nobody's business."""
    sent = Response.objects.filter(pk__in=keys, state=ResponseState.SENT)
    return {pk: {person} for pk, person in sent.values_list("pk", "person")}


def _keys_of(person: int) -> Collection[int]:
    return set(Response.objects.filter(person_id=person, state=ResponseState.SENT).values_list("pk", flat=True))


def _page(key: int) -> str:
    return reverse("staff_feedback_response", args=[key])


register_source(Source("response", _("Response to a form"), _people, _keys_of, _page))
