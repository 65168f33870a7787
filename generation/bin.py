"""The bin: a clip deleted is kept for thirty days and comes back with one act; then its files are erased."""

import logging
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.access import Actor, Kind, Refused, denied, require
from portal.audit.chain import record
from portal.storage.models import StoredFile
from portal.storage.shelf import erase

from .holds import hold_of
from .limits import BIN_DAYS
from .models import Clip, ClipText, Collected

log = logging.getLogger(__name__)

KEPT = timedelta(days=BIN_DAYS)
AT_ONCE = 20  # erased in one pass of the sweep, so that a pass stays short


def _locked(clip: Clip) -> Clip:
    return Clip.objects.select_for_update().get(pk=clip.pk)


@transaction.atomic
def delete_clip(clip: Clip, *, actor: Actor) -> bool:
    """Put a clip into the bin: from now on nobody is handed it. True for the call that did. Raises Refused of what holds it."""
    fresh = _locked(clip)
    require("generation.delete_clip", actor, fresh)
    if fresh.deleted_at is not None:
        return False
    hold = hold_of(fresh)  # sharing locks the same row before it takes hold of a clip
    if hold is not None:
        raise Refused("generation.delete_clip", hold.refusal)
    Clip.objects.filter(pk=fresh.pk).update(deleted_at=timezone.now())
    record("generation.delete_clip", actor=actor, subject=fresh)
    return True


@transaction.atomic
def restore_clip(clip: Clip, *, actor: Actor) -> bool:
    """Take a clip out of the bin, with its star and collections. True for the call that did. Raises Refused clip-erased."""
    fresh = _locked(clip)
    require("generation.restore_clip", actor, fresh)
    if fresh.erased_at is not None:
        words = _("The files of this film are gone for good: it lay in the bin for %(n)s days.") % {"n": BIN_DAYS}
        gone = denied("clip-erased", words, todo=_("Its prompts are kept: make it again."), kind=Kind.GONE)
        raise Refused("generation.restore_clip", gone)
    if fresh.deleted_at is None:
        return False
    Clip.objects.filter(pk=fresh.pk).update(deleted_at=None)
    record("generation.restore_clip", actor=actor, subject=fresh)
    return True


@transaction.atomic
def erase_clip(clip: Clip, *, actor: Actor) -> bool:
    """Delete the files of a clip whose time in the bin is over, its takes' too. True for the call that did. Raises OSError."""
    fresh = _locked(clip)
    require("generation.erase_clip", actor, fresh)
    over = fresh.deleted_at is not None and fresh.deleted_at <= timezone.now() - KEPT
    if not over or fresh.erased_at is not None:
        return False
    takes = fresh.generation.takes.exclude(film=None).values("film")
    own = [fresh.film_id, fresh.poster_id, fresh.filmstrip_id]
    for file in StoredFile.objects.filter(pk__in=[*own, *(row["film"] for row in takes)]):
        erase(file)
    Clip.objects.filter(pk=fresh.pk).update(erased_at=timezone.now(), starred=False)
    Collected.objects.filter(clip=fresh).delete()
    ClipText.objects.filter(clip=fresh).delete()
    record("generation.erase_clip", actor=actor, subject=fresh)
    return True


def empty_bins(*, actor: Actor) -> int:
    """Erase what lay in the bin long enough; how many clips. One that fails is tried again and holds up no other."""
    due = Clip.objects.filter(erased_at=None, deleted_at__lte=timezone.now() - KEPT).order_by("deleted_at")
    count = 0
    for clip in due[:AT_ONCE]:
        try:
            count += erase_clip(clip, actor=actor)
        except Exception as fault:  # noqa: BLE001 - storages raise errors of their own libraries
            log.warning("%s is not erased yet: %s", clip, fault)
    return count
