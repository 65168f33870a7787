"""Put one's films in order: stars and collections."""

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from artists.people.models import Person
from portal.access import Actor, Kind, Refused, denied, require
from portal.access.decisions import Words

from .limits import LONGEST_NAME, MOST_COLLECTIONS
from .models import Clip, Collected, Collection


def star_clips(clips: Iterable[Clip], *, actor: Actor, starred: bool) -> int:
    """Give these clips a star, or take it; how many changed."""
    wanted = list(clips)
    for clip in wanted:
        require("generation.arrange_clip", actor, clip)
    return Clip.objects.filter(pk__in=[clip.pk for clip in wanted], starred=not starred).update(starred=starred)


def _refuse(code: str, reason: Words, todo: Words, kind: Kind = Kind.INVALID) -> Refused:
    return Refused("generation.keep_collections", denied(code, reason, todo=todo, kind=kind))


def _checked_name(name: str) -> str:
    plain = " ".join(name.split())
    if not plain:
        raise _refuse("name-missing", _("A collection needs a name."), _("Type one."))
    if len(plain) > LONGEST_NAME:
        words = _("This name has %(n)s characters.") % {"n": len(plain)}
        raise _refuse("name-too-long", words, _("Keep it to %(most)s.") % {"most": LONGEST_NAME})
    return plain


def _taken(name: str) -> Refused:
    words = _("You have a collection called “%(name)s” already.") % {"name": name}
    return _refuse("name-taken", words, _("Use it, or choose another name."), Kind.CONFLICT)


def make_collection(name: str, *, actor: Person) -> Collection:
    """A new collection. Raises Refused name-missing, name-too-long, name-taken, collections-too-many."""
    require("generation.keep_collections", actor, actor.pk)
    plain = _checked_name(name)
    if Collection.objects.filter(owner=actor).count() >= MOST_COLLECTIONS:
        words = _("You have %(n)s collections; there is no room for more.") % {"n": MOST_COLLECTIONS}
        raise _refuse("collections-too-many", words, _("Remove one that you no longer need."), Kind.LIMIT)
    try:
        with transaction.atomic():
            return Collection.objects.create(owner=actor, name=plain)
    except IntegrityError:
        raise _taken(plain) from None


def rename_collection(collection: Collection, name: str, *, actor: Actor) -> Collection:
    """Another name. Raises Refused name-missing, name-too-long, name-taken."""
    require("generation.keep_collections", actor, collection.owner_id)
    collection.name = _checked_name(name)
    try:
        with transaction.atomic():
            collection.save(update_fields=["name"])
    except IntegrityError:
        raise _taken(collection.name) from None
    return collection


def remove_collection(collection: Collection, *, actor: Actor) -> None:
    """The collection goes, its films stay."""
    require("generation.keep_collections", actor, collection.owner_id)
    collection.delete()


def collect_clips(collection: Collection, clips: Iterable[Clip], *, actor: Actor) -> int:
    """Lay clips into a collection; how many were not in it."""
    require("generation.keep_collections", actor, collection.owner_id)
    wanted = list(clips)
    for clip in wanted:
        require("generation.arrange_clip", actor, clip)
    before = Collected.objects.filter(collection=collection).count()
    Collected.objects.bulk_create(
        (Collected(collection=collection, clip=clip) for clip in wanted), ignore_conflicts=True
    )
    return Collected.objects.filter(collection=collection).count() - before


def take_out_clips(collection: Collection, clips: Iterable[Clip], *, actor: Actor) -> int:
    """Take clips out of a collection; how many were in it."""
    require("generation.keep_collections", actor, collection.owner_id)
    gone, _kinds = Collected.objects.filter(collection=collection, clip__in=[clip.pk for clip in clips]).delete()
    return gone
