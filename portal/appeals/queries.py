"""What one may see of appeals."""

from django.db.models import QuerySet

from portal.access import Actor, check

from .models import Appeal
from .states import AppealState
from .subjects import STAFF, Act, acts_against, kinds_answered_by


def appeals_of(person: Actor) -> QuerySet[Appeal]:
    """One's own, newest first."""
    return Appeal.objects.filter(person_id=person.pk) if person.pk else Appeal.objects.none()


def appeals_visible_to(actor: Actor) -> QuerySet[Appeal]:
    """All of them, for staff and operators; for reviewers those of the kinds they answer."""
    seen = Appeal.objects.select_related("person", "made_by", "decided_by")
    if not check("appeals.see_all", actor):
        return seen.none()
    return seen if any(actor.holds(role) for role in STAFF) else seen.filter(kind__in=kinds_answered_by(actor))


def to_decide(actor: Actor) -> QuerySet[Appeal]:
    """Open ones that this very person may answer, the most urgent first."""
    waiting = appeals_visible_to(actor).filter(state=AppealState.OPEN, kind__in=kinds_answered_by(actor))
    # Two people may have had a part in one act: the list asks the rule, as the act itself does.
    mine = [found.pk for found in waiting.exclude(person_id=actor.pk) if check("appeals.uphold", actor, found)]
    return waiting.filter(pk__in=mine).order_by("due_at", "pk")


def acts_open_to(person: Actor) -> list[Act]:
    """What this person could appeal now: what stops them, and was not appealed yet."""
    made = set(appeals_of(person).values_list("kind", "key"))
    return [act for act in acts_against(person) if (act.kind, act.key) not in made]


def act_open_to(person: Actor, kind: str, key: str) -> Act | None:
    """That very act, if it is one of them."""
    return next((act for act in acts_open_to(person) if (act.kind, act.key) == (kind, key)), None)
