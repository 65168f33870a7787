"""A refusal, or a revoked approval, can be appealed once; overturning approves the work and opens its page."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from artists.people.models import Person
from artists.people.roles import Role
from portal.access import Actor, check
from portal.appeals.subjects import STAFF, Act, Appealable, Evidence, register_appealable
from portal.machine import move

from .models import Decision, Outcome, ShareRequest
from .queries import requests_visible_to
from .services.publishing import publish
from .services.refusing import in_other_state, refusal
from .states import APPEAL, APPEAL_ENDED, OVERTURN, RequestState


def _act(view: Decision) -> Act:
    asked = view.request
    return Act(
        kind="share",
        key=str(view.pk),
        title=_("“%(title)s” may not be shared") % {"title": asked.title},
        reason=f"{view.ground_label}. {view.reason}",
        made_by_id=view.reviewer_id,
        made_by_label=_("a reviewer") if not view.revokes else _("the program staff"),
        at=view.told_at or view.decided_at,
        detail=_("Where: %(where)s") % {"where": asked.destination},
    )


def _standing(request: ShareRequest) -> Decision | None:
    """The refusal that an appeal is about: the last one that was told."""
    return request.decisions.filter(stands=True, outcome=Outcome.REFUSED, told_at__isnull=False).last()


def _against(person: Actor) -> list[Act]:
    refused = requests_visible_to(person).filter(state=RequestState.REFUSED)
    views = [_standing(request) for request in refused]
    return [_act(view) for view in views if view is not None]


def _request(key: str) -> ShareRequest:
    return ShareRequest.objects.get(decisions__pk=int(key))


def _began(key: str, actor: Actor) -> None:
    request = _request(key)
    try:
        with transaction.atomic():
            waiting, moved = move(request, APPEAL, actor=actor)
    except IntegrityError:
        words = _("You have asked again for the same places meanwhile.")
        raise refusal("sharing.appeal", "share-open", words, _("Withdraw that request first.")) from None
    if not moved:
        raise in_other_state("sharing.appeal", waiting)


def _stands(key: str, actor: Actor) -> None:
    move(_request(key), APPEAL_ENDED, actor=actor)


def _overturn(key: str, actor: Actor) -> None:
    """Late is no error: a request that was withdrawn meanwhile stays so."""
    request = _request(key)
    if not isinstance(actor, Person):
        raise TypeError(actor)
    fields = {"outcome": Outcome.APPROVED, "ended_at": None}
    approved, moved = move(request, OVERTURN, actor=actor, fields=fields)
    if moved:
        now = timezone.now()
        Decision.objects.create(
            request=approved,
            reviewer=actor,
            outcome=Outcome.APPROVED,
            reason=_("The refusal was overturned on appeal."),
            decided_at=now,
            told_at=now,
        )
        publish(approved, actor=actor)


def _had_part(key: str) -> set[int]:
    request = _request(key)
    people = set(request.decisions.filter(reviewer__isnull=False).values_list("reviewer_id", flat=True))
    return people | set(request.collaborators.values_list("person_id", flat=True))


def _evidence(key: str, actor: Actor) -> Evidence | None:
    """The film and what was asked, for whoever may see it; never for who only reads both texts."""
    view = Decision.objects.select_related("request__clip", "request__artist").filter(pk=int(key)).first()
    if view is None or not check("sharing.review", actor, view.request):
        return None
    shows = bool(check("sharing.review_film", actor, view.request))
    return Evidence("sharing/appeal_film.html", {"view": view, "asked": view.request, "shows_film": shows})


register_appealable(
    Appealable(
        "share",
        _against,
        _overturn,
        began=_began,
        stands=_stands,
        answered_by=STAFF | {Role.REVIEWER},
        not_by=_had_part,
        anonymous=True,
        evidence=_evidence,
    )
)
