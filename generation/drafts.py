"""Storyboards as they are written: saved while one types, never over somebody's later text, duplicated, deleted, brought back."""

from dataclasses import dataclass, replace
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from artists.people.models import Person
from portal.access import Kind, Refused, denied, require
from portal.audit.chain import record
from portal.storage.shelf import throw_away

from .limits import LONGEST_TITLE
from .models import Follows, ReferenceImage, Shot, Storyboard, Take

KEPT_DELETED = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class DraftShot:
    """One shot as written; nothing in it needs to be makeable. `seed` None: drawn anew. `milliseconds` 0: the model's."""

    prompt: str = ""
    milliseconds: int = 0
    seed: int | None = None
    drawn: int | None = None
    follows: str = Follows.CUT
    reference_id: int | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A storyboard as written."""

    title: str = ""
    model: str = ""
    size: str = ""
    look: str = ""
    shots: tuple[DraftShot, ...] = ()

    def without_seeds(self) -> "Draft":
        """The same, with every seed drawn anew."""
        return replace(self, shots=tuple(replace(shot, seed=None, drawn=None) for shot in self.shots))


class StoryboardChanged(Refused):
    """Somebody else's page saved this storyboard in between; `theirs` is what stands there now."""

    def __init__(self, theirs: Storyboard) -> None:
        words = _("This storyboard was changed in another window.")
        todo = _("Keep yours as a copy, or put it in the place of the other one.")
        decision = denied("storyboard-changed", words, todo=todo, kind=Kind.CONFLICT)
        super().__init__("generation.write_storyboard", decision)
        self.theirs = theirs


def draft_of(storyboard: Storyboard) -> Draft:
    """What is written in a storyboard."""
    shots = tuple(
        DraftShot(shot.prompt, shot.milliseconds, shot.seed, shot.drawn, shot.follows, shot.reference_id)
        for shot in storyboard.shots.order_by("position")
    )
    return Draft(storyboard.title, storyboard.model, storyboard.size, storyboard.look, shots)


def _write_shots(storyboard: Storyboard, draft: Draft) -> None:
    storyboard.shots.all().delete()
    Shot.objects.bulk_create(
        Shot(
            storyboard=storyboard,
            position=number,
            prompt=shot.prompt,
            milliseconds=shot.milliseconds,
            seed=shot.seed,
            drawn=shot.drawn,
            follows=shot.follows,
            reference_id=shot.reference_id,
        )
        for number, shot in enumerate(draft.shots, start=1)
    )


@transaction.atomic
def new_storyboard(draft: Draft, *, actor: Person, page: str = "") -> Storyboard:
    """Keep a new storyboard; the same page asking again (its answer was lost) gets the one it has."""
    require("generation.write_storyboard", actor, None)
    # The person is the lock: two requests of one page come one after the other.
    Person.objects.select_for_update().get(pk=actor.pk)
    known = Storyboard.objects.filter(owner=actor, saved_by=page).first() if page else None
    if known is not None:
        return save_storyboard(known, draft, actor=actor, version=known.version, page=page)
    made = Storyboard.objects.create(
        owner=actor,
        title=draft.title[:LONGEST_TITLE],
        model=draft.model[:80],
        size=draft.size[:20],
        look=draft.look[:80],
        saved_by=page,
    )
    _write_shots(made, draft)
    return made


@transaction.atomic
def save_storyboard(storyboard: Storyboard, draft: Draft, *, actor: Person, version: int, page: str = "") -> Storyboard:
    """Write what stands in an open page. Raises StoryboardChanged when another page has saved since `version`.

    A page that wrote last may write again with an old number: only the answer to its own save was lost.
    """
    held = Storyboard.objects.select_for_update().get(pk=storyboard.pk)
    require("generation.write_storyboard", actor, held)
    own = bool(page) and held.saved_by == page
    if held.version != version and not own:
        if draft_of(held) == draft:
            return held
        raise StoryboardChanged(held)
    if draft_of(held) == draft and held.deleted_at is None:
        return held
    if page and not own:
        # The page writes here now; whatever it wrote before belongs to no page any more.
        Storyboard.objects.filter(owner=actor, saved_by=page).update(saved_by="")
    changed = Storyboard.objects.filter(pk=held.pk, version=held.version).update(
        title=draft.title[:LONGEST_TITLE],
        model=draft.model[:80],
        size=draft.size[:20],
        look=draft.look[:80],
        version=held.version + 1,
        saved_by=page,
        changed_at=timezone.now(),
        deleted_at=None,  # who goes on writing has not thrown it away
    )
    held.refresh_from_db()
    if not changed:
        raise StoryboardChanged(held)
    _write_shots(held, draft)
    return held


def note_seeds(storyboard: Storyboard, seeds: list[int]) -> None:
    """Write beside each shot the seed its film was made with. Nobody's text changes, so the version stays."""
    for shot, seed in zip(storyboard.shots.order_by("position"), seeds, strict=False):
        Shot.objects.filter(pk=shot.pk).update(drawn=seed)


@transaction.atomic
def duplicate_storyboard(storyboard: Storyboard, *, actor: Person) -> Storyboard:
    """A second one with the same text."""
    require("generation.write_storyboard", actor, storyboard)
    draft = draft_of(storyboard)
    title = _("%(title)s (copy)") % {"title": draft.title} if draft.title else ""
    return new_storyboard(replace(draft, title=str(title)[:LONGEST_TITLE]), actor=actor)


@transaction.atomic
def delete_storyboard(storyboard: Storyboard, *, actor: Person) -> bool:
    """Put it away; for 30 days it can be brought back. Films made from it stay. True for the call that did it."""
    require("generation.write_storyboard", actor, storyboard)
    rows = Storyboard.objects.filter(pk=storyboard.pk, deleted_at=None)
    done = bool(rows.update(deleted_at=timezone.now()))
    if done:
        record("generation.delete_storyboard", actor=actor, subject=storyboard)
    return done


@transaction.atomic
def restore_storyboard(storyboard: Storyboard, *, actor: Person) -> bool:
    """Bring it back. True for the call that did it."""
    require("generation.write_storyboard", actor, storyboard)
    done = bool(Storyboard.objects.filter(pk=storyboard.pk, deleted_at__isnull=False).update(deleted_at=None))
    if done:
        record("generation.restore_storyboard", actor=actor, subject=storyboard)
    return done


def forget_old_drafts() -> int:
    """Delete for good what was put away 30 days ago, and pictures that nothing uses; how many things went."""
    before = timezone.now() - KEPT_DELETED
    count = 0
    for storyboard in Storyboard.objects.filter(deleted_at__lt=before)[:50]:
        storyboard.delete()
        count += 1
    used = ReferenceImage.objects.filter(made_at__lt=before)
    used = used.exclude(pk__in=Shot.objects.filter(reference__isnull=False).values("reference"))
    used = used.exclude(pk__in=Take.objects.filter(reference__isnull=False).values("reference"))
    for picture in used.select_related("file")[:50]:
        with transaction.atomic():
            file = picture.file
            picture.delete()
            throw_away(file)
        count += 1
    return count
