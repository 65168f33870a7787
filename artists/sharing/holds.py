"""What sharing holds a clip for: nobody deletes a work while it is public, or while somebody decides on it."""

from collections.abc import Collection

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from generation.holds import Hold, register_hold
from portal.access import Kind, denied

from .models import ShareRequest
from .states import UNDER_REVIEW, RequestState


def _requests_in(states: Collection[RequestState]) -> Exists:
    return Exists(ShareRequest.objects.filter(clip=OuterRef("pk"), state__in=states))


register_hold(
    Hold(
        "in_review",
        _("in review"),
        "info",
        lambda: _requests_in(UNDER_REVIEW),
        denied(
            "clip-in-review",
            _("This film is in review; a reviewer would decide on nothing."),
            todo=_("Withdraw the request under Sharing, then delete it."),
            kind=Kind.CONFLICT,
        ),
    )
)
register_hold(
    Hold(
        "public",
        _("public"),
        "ok",
        lambda: _requests_in([RequestState.APPROVED]),
        denied(
            "clip-public",
            _("This film is public."),
            todo=_("Withdraw it under Sharing, then delete it."),
            kind=Kind.CONFLICT,
        ),
    )
)
