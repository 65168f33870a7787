"""Share requests along their way, by the services people use."""

from typing import Any

from artists.people.models import Person
from artists.sharing.models import Concern, Release, ShareRequest
from artists.sharing.services import approve, refuse, request_share, tell_now
from generation.models import Clip

REASON = "A face of a real person; ask them, or cover it."


def asked_for(clip: Clip, **more: Any) -> ShareRequest:
    """A request of the clip's artist; in review unless collaborators are named."""
    wanted = {"title": "Sea", "destination": "A festival"} | more
    return request_share(clip, actor=clip.artist, **wanted)


def released(request: ShareRequest, reviewer: Person, **more: Any) -> Release:
    """Approved by this reviewer, and told at once."""
    approve(request, actor=reviewer, **more)
    release = tell_now(request, actor=reviewer)
    assert release is not None
    return release


def refused(request: ShareRequest, reviewer: Person, ground: str = "rights") -> ShareRequest:
    """Refused by this reviewer on a ground that needs no second, and told at once."""
    refuse(request, actor=reviewer, ground=ground, reason=REASON)
    tell_now(request, actor=reviewer)
    request.refresh_from_db()
    return request


def concerned(release: Release, text: str = "My face is in it.", email: str = "") -> Concern:
    """Reported by somebody of the public."""
    return Concern.objects.create(release=release, text=text, email=email)
