"""Acts of an appeal: make, decide, take back; and what happens when the clock runs out."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from artists.people.models import Person
from portal import happenings
from portal.access import Kind, Refused, denied, require
from portal.audit.chain import record
from portal.machine import move

from .models import Appeal
from .news import AppealDecided, AppealMade, AppealOverdue
from .queries import act_open_to, appeals_of
from .states import OVERTURN, UPHOLD, WITHDRAW, AppealState
from .subjects import appealable_called

ANSWER_WITHIN = timedelta(days=5)
LONGEST_TEXT = 5000


def _refuse(action: str, code: str, words: str, todo: str = "", kind: Kind = Kind.INVALID) -> Refused:
    return Refused(action, denied(code, words, todo=todo, kind=kind))


def _checked(text: str, action: str, missing: str) -> str:
    kept = text.strip()
    if not kept:
        raise _refuse(action, "text-missing", missing, _("One sentence is enough."))
    if len(kept) > LONGEST_TEXT:
        words = _("The text has %(count)s characters; up to %(most)s are read.")
        raise _refuse(action, "text-long", words % {"count": len(kept), "most": LONGEST_TEXT}, _("Shorten it."))
    return kept


def appeal(kind: str, key: str, *, actor: Person, text: str) -> Appeal:
    """Appeal one act that stops this person. Raises Refused text-missing, text-long, appeal-nothing, already-appealed."""
    act = act_open_to(actor, kind, key)
    if act is None:
        if appeals_of(actor).filter(kind=kind, key=key).exists():
            raise _already()
        words = _("Nothing that stops you now is named so.")
        raise _refuse("appeals.make", "appeal-nothing", words, _("It may have ended meanwhile."), Kind.CONFLICT)
    require("appeals.make", actor, act)
    kept = _checked(text, "appeals.make", _("Say why the decision is wrong."))
    now = timezone.now()
    try:
        with transaction.atomic():
            made = Appeal.objects.create(
                person=actor,
                kind=kind,
                key=key,
                act=act.title[:300],
                act_reason=act.reason + (f"\n\n{act.detail}" if act.detail else ""),
                made_by_id=act.made_by_id,
                made_by_label=act.made_by_label[:200],
                text=kept,
                asked_at=now,
                due_at=now + ANSWER_WITHIN,
            )
            record("appeals.make", actor=actor, subject=made, detail={"kind": kind, "key": key})
            happenings.announce(AppealMade(made.pk))
            subject = appealable_called(kind)
            if subject is not None and subject.began is not None:
                subject.began(key, actor)
    except IntegrityError:
        raise _already() from None
    return made


def _already() -> Refused:
    words = _("You have appealed this already; one appeal is free for each decision.")
    return _refuse("appeals.make", "already-appealed", words, _("Its answer will stand on this page."), Kind.CONFLICT)


def decide(found: Appeal, *, actor: Person, overturned: bool, answer: str) -> Appeal:
    """Answer an appeal; overturning undoes the act in the same transaction.

    Raises Refused text-missing, text-long, appeal-over, own-decision, own-appeal, and what the undoing refuses.
    """
    step = OVERTURN if overturned else UPHOLD
    require(step.action, actor, found)
    kept = _checked(answer, step.action, _("Say why: the answer is what they read."))
    fields = {"decided_by": actor, "decided_at": timezone.now(), "answer": kept}
    with transaction.atomic():
        ended, moved = move(found, step, actor=actor, fields=fields, news=AppealDecided(found.pk))
        if not moved:
            words = _("This appeal has ended already: %(how)s.") % {"how": ended.get_state_display()}
            raise _refuse(step.action, "appeal-over", words, _("Reload the page."), Kind.CONFLICT)
        subject = appealable_called(ended.kind)
        if overturned and subject is not None:
            subject.overturn(ended.key, actor)
        elif subject is not None and subject.stands is not None:
            subject.stands(ended.key, actor)
    return ended


@transaction.atomic
def withdraw(found: Appeal, *, actor: Person) -> tuple[Appeal, bool]:
    """Take it back. (appeal, True) for the call that did."""
    ended, moved = move(found, WITHDRAW, actor=actor)
    subject = appealable_called(ended.kind)
    if moved and subject is not None and subject.stands is not None:
        subject.stands(ended.key, actor)
    return ended, moved


def tell_overdue() -> int:
    """Say once of each appeal whose time ran out, to whoever appealed and to everybody who may answer."""
    count = 0
    now = timezone.now()
    for late in Appeal.objects.filter(state=AppealState.OPEN, due_at__lt=now, overdue_told_at=None):
        with transaction.atomic():
            told = Appeal.objects.filter(pk=late.pk, state=AppealState.OPEN, overdue_told_at=None)
            if told.update(overdue_told_at=now):
                happenings.announce(AppealOverdue(late.pk))
                count += 1
    return count
