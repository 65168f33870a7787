"""Which approvals of an award count at this moment, and whether they are enough."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from artists.compensation.contributions.kinds import CONSENT_FEE, consent_of_fee
from artists.compensation.models import Approval, Award, Contribution, Dispute
from artists.consent.queries import askers_of
from artists.people.roles import Role
from artists.people.sameness import mailboxes_of, same_in
from portal.access import ALLOWED, Decision, Kind, denied

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


def fees_set_in(awards: Iterable[UUID] | QuerySet[Award]) -> list[tuple[UUID, int]]:
    """(award, person): who asked for a consent whose fee is in it, and so named the sum. Two queries, however many."""
    fees = Contribution.objects.filter(award__in=awards, kind=CONSENT_FEE).order_by().values_list("award_id", "source")
    consents = [(award, consent_of_fee(source)) for award, source in fees if award is not None]
    askers = askers_of({consent for _award, consent in consents}) if consents else {}
    return [(award, askers[consent]) for award, consent in consents if consent in askers]


def deciders_of(awards: Iterable[Award]) -> dict[UUID, set[int]]:
    """By award: who chose its applicant, answered a dispute with a sum that is in it, or set a fee that is. Four queries, however many."""
    found: dict[UUID, set[int]] = {award.pk: set() for award in awards}
    chose = Award.objects.filter(pk__in=found, application__decided_by__isnull=False)
    answered = Dispute.objects.filter(added__award__in=found, answered_by__isnull=False)
    for pk, person in (
        *chose.values_list("pk", "application__decided_by_id"),
        *answered.values_list("added__award_id", "answered_by_id"),
        *fees_set_in(list(found)),
    ):
        found[pk].add(person)
    return found


def _counting(
    award: Award, said: Iterable[Approval], mailboxes: Mapping[int, set[str]], deciders: Iterable[int]
) -> list[Approval]:
    kept: list[Approval] = []
    for one in said:
        others = [award.proposer_id, award.payee_id, *deciders, *(other.by_id for other in kept)]
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


def _mailboxes(
    awards: Iterable[Award], said: Mapping[UUID, list[Approval]], deciders: Mapping[UUID, set[int]]
) -> dict[int, set[str]]:
    people = {one.by_id for rows in said.values() for one in rows}.union(*deciders.values())
    people |= {pk for award in awards for pk in (award.proposer_id, award.payee_id) if pk is not None}
    return mailboxes_of(people)


def counting(award: Award) -> list[Approval]:
    """Approvals by different people who may still approve: in use, in their role, neither proposer nor payee nor who decided the sum."""
    said, deciders = _yes([award]), deciders_of([award])
    return _counting(award, said[award.pk], _mailboxes([award], said, deciders), deciders[award.pk])


def needed_for(award: Award) -> int:
    """How many people have to approve."""
    return _needed(award, yes_to(award))


def lapsed_among(awards: Sequence[Award]) -> set[UUID]:
    """Those of which approvals no longer are enough; each comes with its fund. A fixed number of queries, however many."""
    said, deciders = _yes(awards), deciders_of(awards)
    mailboxes = _mailboxes(awards, said, deciders)
    return {
        award.pk
        for award in awards
        if len(_counting(award, said[award.pk], mailboxes, deciders[award.pk])) < _needed(award, said[award.pk])
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
