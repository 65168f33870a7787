"""What an artist decides beforehand."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from artists.consent.kinds import UseKind
from artists.consent.models import Preference, Stance
from artists.people.models import Person
from generation.models import Clip
from portal.access import Kind, require
from portal.audit.chain import record

from .refusing import refusal


@transaction.atomic
def prefer(kind: str, stance: str, *, actor: Person, clip: Clip | None = None) -> Preference:
    """Choose for all works, or for one of one's own. Raises Refused use-unknown, stance-unknown, not-found.

    It holds for what is asked from now on: it neither gives nor withdraws a consent.
    """
    require("consent.prefer", actor)
    if kind not in UseKind.values:
        raise refusal("consent.prefer", "use-unknown", _("There is no use called %(name)s.") % {"name": kind[:20]})
    if stance not in Stance.values:
        raise refusal("consent.prefer", "stance-unknown", _("Choose later, no or yes."))
    if clip is not None and clip.artist_id != actor.pk:
        raise refusal("consent.prefer", "not-found", _("There is no such work of yours."), kind=Kind.MISSING)
    chosen, _new = Preference.objects.update_or_create(
        person=actor, clip=clip, kind=kind, defaults={"stance": stance, "chosen_at": timezone.now()}
    )
    detail = {"kind": kind, "stance": stance, "clip": str(clip.pk) if clip else ""}
    record("consent.prefer", actor=actor, subject=actor, detail=detail)
    return chosen


@transaction.atomic
def prefer_as_for_all(kind: str, *, actor: Person, clip: Clip) -> bool:
    """Take back a choice for one work: what is chosen for all works holds for it again. True when there was one."""
    require("consent.prefer", actor)
    gone, _rows = Preference.objects.filter(person=actor, clip=clip, kind=kind).delete()
    if gone:
        detail = {"kind": kind, "stance": "", "clip": str(clip.pk)}
        record("consent.prefer", actor=actor, subject=actor, detail=detail)
    return bool(gone)
