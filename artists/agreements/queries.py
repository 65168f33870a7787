"""What is in force for whom, who signed it, and who is asked for an answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from artists.people.models import Person
from artists.people.roles import Role
from portal.access import Actor

from .models import Agreement, AgreementVersion, Declining, Signature
from .states import VersionState

# What a document says: long, and nothing that the gate reads.
TEXTS = ("summary", "text")


def published() -> QuerySet[AgreementVersion]:
    """All published versions, in force or announced."""
    return AgreementVersion.objects.filter(state=VersionState.PUBLISHED).select_related("agreement")


def versions_in_force() -> QuerySet[AgreementVersion]:
    """The newest published version of each agreement whose date has come."""
    due = published().filter(in_force_from__lte=timezone.now())
    newer = due.filter(agreement=OuterRef("agreement"), number__gt=OuterRef("number"))
    return due.filter(~Exists(newer)).order_by("agreement__slug")


def asked_of(actor: Actor, versions: QuerySet[AgreementVersion]) -> QuerySet[AgreementVersion]:
    """Those of these versions that the cohort of this person is asked to sign."""
    return versions.filter(_is_asked(actor))


def _is_asked(actor: Actor) -> Q:
    """A document without cohorts is for everybody; the cohort is looked up in the same query."""
    through = Agreement.cohorts.through.objects.filter(agreement=OuterRef("agreement"))
    everybody = Q(~Exists(through))
    # Nobody's number would be looked for as NULL, which cohorts without artists have.
    return everybody if actor.pk is None else everybody | Exists(through.filter(cohort__memberships__person=actor.pk))


def answerable_by(actor: Actor) -> QuerySet[AgreementVersion]:
    """What this person can sign or decline: what is in force, and the announced next of a document they are bound by."""
    now = timezone.now()
    newer = published().filter(agreement=OuterRef("agreement"), number__gt=OuterRef("number"))
    bound = Signature.objects.filter(version__agreement=OuterRef("agreement"), person_id=actor.pk)
    in_force = Q(in_force_from__lte=now) & ~Exists(newer.filter(in_force_from__lte=now))
    announced = Q(in_force_from__gt=now) & ~Exists(newer) & Exists(bound)
    return asked_of(actor, published().filter(in_force | announced)).order_by("agreement__slug", "number")


def unsigned_by(actor: Actor) -> QuerySet[AgreementVersion]:
    """What waits for this person's answer: neither declined nor signed, in this or a newer version."""
    signed = Signature.objects.filter(
        version__agreement=OuterRef("agreement"), version__number__gte=OuterRef("number"), person_id=actor.pk
    )
    declined = Declining.objects.filter(version=OuterRef("pk"), person_id=actor.pk)
    return answerable_by(actor).filter(~Exists(signed), ~Exists(declined))


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a person is with one document."""

    version: AgreementVersion
    signature: Signature | None
    declining: Declining | None
    deadline: datetime | None

    @property
    def is_current(self) -> bool:
        """Whether the version in force, or a newer one, is signed."""
        return self.signature is not None and self.signature.version.number >= self.version.number

    @property
    def holds(self) -> bool:
        """Whether the person may go on: signed, or an earlier version signed and its grace not over."""
        return self.is_current or (
            self.signature is not None and self.deadline is not None and timezone.now() < self.deadline
        )


def _in_force(versions: Iterable[AgreementVersion]) -> list[AgreementVersion]:
    """Of all published versions, the newest of each document whose date has come; by name."""
    now = timezone.now()
    found: dict[int, AgreementVersion] = {}
    for version in versions:
        known = found.get(version.agreement_id)
        if version.in_force_from <= now and (known is None or version.number > known.number):
            found[version.agreement_id] = version
    return sorted(found.values(), key=lambda version: version.agreement.slug)


def _newest(signatures: Iterable[Signature]) -> dict[int, Signature]:
    """The newest signed version of each document."""
    found: dict[int, Signature] = {}
    for signature in signatures:
        known = found.get(signature.version.agreement_id)
        if known is None or signature.version.number > known.version.number:
            found[signature.version.agreement_id] = signature
    return found


def _deadline(versions: Iterable[AgreementVersion], signature: Signature | None) -> datetime | None:
    """When the signed text stops holding: at the earliest end of grace of any newer version, whatever came after that."""
    if signature is None:
        return None
    ends = [
        version.deadline
        for version in versions
        if version.agreement_id == signature.version.agreement_id and version.number > signature.version.number
    ]
    return min((end for end in ends if end is not None), default=None)


def standings_of(actor: Actor) -> list[Standing]:
    """Where this person is with each document in force for them."""
    return _standings(published().filter(_is_asked(actor)), signatures_of(actor), declinings_of(actor))


def bindings_of(actor: Actor) -> list[Standing]:
    """The same for the gate, which is asked many times a second: without texts and without what was declined."""
    every = published().defer(*TEXTS).filter(_is_asked(actor))
    signed = Signature.objects.filter(person_id=actor.pk).select_related("version")
    return _standings(every, signed.only("version__agreement", "version__number"), ())


def _standings(
    asked: Iterable[AgreementVersion], signatures: Iterable[Signature], declinings: Iterable[Declining]
) -> list[Standing]:
    """Of all published versions of the documents a person is asked to sign."""
    every, signed = list(asked), _newest(signatures)
    declined = {one.version_id: one for one in declinings}
    return [
        Standing(
            version,
            signed.get(version.agreement_id),
            declined.get(version.pk),
            _deadline(every, signed.get(version.agreement_id)),
        )
        for version in _in_force(every)
    ]


def signatures_of(actor: Actor) -> QuerySet[Signature]:
    """One's own signatures, newest first."""
    return Signature.objects.filter(person_id=actor.pk).select_related("version__agreement", "paper")


def declinings_of(actor: Actor) -> QuerySet[Declining]:
    """What this person said no to."""
    return Declining.objects.filter(person_id=actor.pk)


def signatures_visible_to(actor: Actor) -> QuerySet[Signature]:
    """One's own; all of them for staff."""
    rows = Signature.objects.select_related("version__agreement", "paper", "person")
    if actor.holds(Role.STAFF) or actor.holds(Role.OPERATOR):
        return rows
    return rows.filter(person_id=actor.pk) if actor.pk else rows.none()


def confidential_until(actor: Actor) -> date | None:
    """The last day of confidentiality of what this person signed; None where nothing signed names one."""
    if actor.pk is None:
        return None
    signed = _newest(signatures_of(actor)).values()
    days = [one.version.confidential_until for one in signed if one.version.confidential_until is not None]
    return max(days, default=None)


def agreements_visible_to(actor: Actor) -> QuerySet[Agreement]:
    """All documents, for staff."""
    if not (actor.holds(Role.STAFF) or actor.holds(Role.OPERATOR)):
        return Agreement.objects.none()
    return Agreement.objects.prefetch_related("versions", "cohorts").order_by("title")


def versions_visible_to(actor: Actor) -> QuerySet[AgreementVersion]:
    """All versions, drafts too, for staff."""
    if not (actor.holds(Role.STAFF) or actor.holds(Role.OPERATOR)):
        return AgreementVersion.objects.none()
    return AgreementVersion.objects.select_related("agreement").prefetch_related("translations")


def artists_asked(agreement: Agreement) -> QuerySet[Person]:
    """The artists who are asked to sign a document."""
    people = Person.objects.filter(is_active=True, grants__role=Role.ARTIST, membership__isnull=False)
    cohorts = [cohort.pk for cohort in agreement.cohorts.all()]
    if cohorts:
        people = people.filter(membership__cohort__in=cohorts)
    return people.select_related("membership__cohort").order_by("name", "pk")


@dataclass(frozen=True, slots=True)
class WhoIsOn:
    """One artist and the text they are on."""

    person: Person
    signature: Signature | None
    declining: Declining | None


def who_is_on(agreement: Agreement) -> list[WhoIsOn]:
    """Every artist asked to sign a document, with the newest text they signed and whether they declined the newest one."""
    rows = Signature.objects.filter(version__agreement=agreement).select_related("version")
    signed: dict[int, Signature] = {}
    for row in rows.order_by("version__number"):
        signed[row.person_id] = row
    newest = published().filter(agreement=agreement).order_by("-number").first()
    declined = {one.person_id: one for one in Declining.objects.filter(version=newest)} if newest else {}
    return [WhoIsOn(one, signed.get(one.pk), declined.get(one.pk)) for one in artists_asked(agreement)]
