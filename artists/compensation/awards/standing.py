"""Which approvals of an award count at this moment, and whether they are enough."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from artists.compensation.models import Approval, Award
from artists.people.roles import Role
from portal.access import ALLOWED, Decision, Kind, denied

from .sameness import mailboxes_of, same_in
from .states import AwardState, Verdict

FEWEST = 2


def _yes(awards: Sequence[Award]) -> dict[UUID, list[Approval]]:
    """By award: everybody who approved exactly what it says now, in order."""
    digests = {award.pk: award.digest for award in awards}
    said = Approval.objects.filter(award__in=list(digests), verdict=Verdict.YES)
    found: dict[UUID, list[Approval]] = {pk: [] for pk in digests}
    for one in said.select_related("by").prefetch_related("by__grants").order_by("at", "pk"):
        if one.digest == digests[one.award_id]:
            found[one.award_id].append(one)
    return found


def yes_to(award: Award) -> list[Approval]:
    """Everybody who approved exactly what the award says now, whether or not it still counts."""
    return _yes([award])[award.pk]


def _counting(award: Award, said: Iterable[Approval], mailboxes: Mapping[int, set[str]]) -> list[Approval]:
    kept: list[Approval] = []
    for one in said:
        others = [award.proposer_id, award.payee_id, *(other.by_id for other in kept)]
        in_role = one.by.holds(Role.STAFF) or one.by.holds(Role.OPERATOR)
        if in_role and not same_in(mailboxes, one.by_id, others):
            kept.append(one)
    return kept


def _needed(award: Award, said: Iterable[Approval]) -> int:
    """A fund that grows stricter asks it of what is not approved yet."""
    asked = award.fund.approvals_needed
    if award.approved_at is None:
        return asked
    return max(FEWEST, min(asked, sum(one.at <= award.approved_at for one in said)))


def _mailboxes(awards: Iterable[Award], said: Mapping[UUID, list[Approval]]) -> dict[int, set[str]]:
    people = {one.by_id for rows in said.values() for one in rows}
    people |= {pk for award in awards for pk in (award.proposer_id, award.payee_id) if pk is not None}
    return mailboxes_of(people)


def counting(award: Award) -> list[Approval]:
    """Approvals by different people who may still approve: in use, in their role, neither proposer nor payee."""
    said = _yes([award])
    return _counting(award, said[award.pk], _mailboxes([award], said))


def needed_for(award: Award) -> int:
    """How many people have to approve."""
    return _needed(award, yes_to(award))


def lapsed_among(awards: Sequence[Award]) -> set[UUID]:
    """Those of which approvals no longer are enough; each comes with its fund. A fixed number of queries, however many."""
    said = _yes(awards)
    mailboxes = _mailboxes(awards, said)
    return {
        award.pk
        for award in awards
        if len(_counting(award, said[award.pk], mailboxes)) < _needed(award, said[award.pk])
    }


def still_approved(award: Award) -> Decision:
    """Whether enough people who approved an award are still in their role: asked again whenever money of it is sent."""
    if award.state not in {AwardState.APPROVED, AwardState.CLOSED}:
        words = _("This award is not approved.")
        return denied("award-not-approved", words, todo=_("Two people approve it first."), kind=Kind.CONFLICT)
    if lapsed_among([award]):
        words = _("Somebody who approved this award is no longer of the staff: an approval is missing.")
        todo = _("Somebody else of the staff approves it as it stands; then it can be paid.")
        return denied("approvals-lapsed", words, todo=todo, kind=Kind.CONFLICT)
    return ALLOWED
