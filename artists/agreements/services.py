"""Acts on agreements: write, translate, publish, sign, decline."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from artists.people.models import Person
from artists.people.names import is_same_name
from portal.access import Actor, Kind, Refused, denied, require
from portal.audit.chain import record
from portal.happenings import announce
from portal.machine import move
from portal.program.models import Cohort

from .models import Agreement, AgreementVersion, Declining, Method, Signature, Sort, Translation, digest_of
from .news import AgreementPublished, AgreementSigned
from .states import PUBLISH, VersionState
from .texts import readings

JUST_NOW = timedelta(minutes=5)


def _refusal(action: str, code: str, words: Any, todo: Any, kind: Kind = Kind.INVALID) -> Refused:
    return Refused(action, denied(code, words, todo=todo, kind=kind))


@transaction.atomic
def draft_version(
    slug: str,
    title: str,
    *,
    summary: str,
    text: str,
    actor: Actor,
    sort: str = Sort.PARTICIPATION,
    language: str = "en",
    confidential_until: date | None = None,
) -> AgreementVersion:
    """A new draft of this agreement, numbered after the last version. Raises Refused draft-exists."""
    require("agreements.draft", actor, None)
    agreement, _new = Agreement.objects.get_or_create(slug=slug, defaults={"title": title, "sort": sort})
    last = agreement.versions.order_by("-number").first()
    exists = _refusal(
        "agreements.draft",
        "draft-exists",
        _("This document has a draft already."),
        _("Go on with that one."),
        Kind.CONFLICT,
    )
    if last is not None and last.state == VersionState.DRAFT:
        raise exists
    try:
        with transaction.atomic():
            version = AgreementVersion.objects.create(
                agreement=agreement,
                number=(last.number if last else 0) + 1,
                language=language,
                summary=summary,
                text=text,
                confidential_until=confidential_until,
            )
    except IntegrityError:  # somebody else began one at the same moment
        raise exists from None
    record("agreements.draft", actor=actor, subject=version)
    return version


@transaction.atomic
def edit_draft(version: AgreementVersion, *, actor: Actor, **fields: Any) -> AgreementVersion:
    """Change a draft: summary, text, language, confidential_until."""
    require("agreements.edit", actor, version)
    # The state in the WHERE: a text that was published a moment ago is never changed.
    changed = AgreementVersion.objects.filter(pk=version.pk, state=VersionState.DRAFT).update(**fields)
    fresh = AgreementVersion.objects.get(pk=version.pk)
    if not changed:
        require("agreements.edit", actor, fresh)
    record("agreements.edit", actor=actor, subject=fresh, detail={"digest": fresh.text_digest})
    return fresh


@transaction.atomic
def set_audience(agreement: Agreement, cohorts: list[Cohort], *, actor: Actor) -> None:
    """Which cohorts are asked to sign a document; none means every cohort."""
    require("agreements.draft", actor, None)
    agreement.cohorts.set(cohorts)
    detail = {"cohorts": sorted(cohort.slug for cohort in cohorts)}
    record("agreements.set_audience", actor=actor, subject=agreement, detail=detail)


@transaction.atomic
def translate(
    version: AgreementVersion, language: str, *, title: str, summary: str, text: str, actor: Actor
) -> Translation:
    """Give a draft one more language, or change it. Raises Refused agreement-empty, language-own."""
    locked = AgreementVersion.objects.select_for_update().get(pk=version.pk)
    require("agreements.edit", actor, locked)
    if language == locked.language:
        words = _("The draft itself is written in this language.")
        raise _refusal("agreements.edit", "language-own", words, _("Choose another one."))
    if not (title.strip() and summary.strip() and text.strip()):
        words = _("A translation needs its title, its text and its summary.")
        raise _refusal("agreements.edit", "agreement-empty", words, _("Write all three."))
    made, _new = Translation.objects.update_or_create(
        version=locked,
        language=language,
        defaults={"title": title.strip(), "summary": summary, "text": text, "digest": digest_of(text)},
    )
    record("agreements.translate", actor=actor, subject=locked, detail={"language": language, "digest": made.digest})
    return made


def publish_version(
    version: AgreementVersion, *, actor: Actor, at: datetime | None = None, grace_until: datetime | None = None
) -> AgreementVersion:
    """Put a draft in force from `at` (default: now); who signed before goes on under the former text until `grace_until`.

    Its text can never change again. Raises Refused date-past, grace-before-force, agreement-empty.
    """
    now = timezone.now()
    start = at or now
    if start < now - JUST_NOW:
        words = _("A text cannot be in force from a date that has passed.")
        raise _refusal("agreements.publish", "date-past", words, _("Choose now or later."))
    if grace_until is not None and grace_until < start:
        words = _("The grace would end before the text is in force.")
        raise _refusal("agreements.publish", "grace-before-force", words, _("Choose a later end, or none."))
    fields = {
        "in_force_from": start,
        "grace_until": grace_until,
        "published_at": now,
        "digest": version.text_digest,
    }
    # The digest is checked against the stored text in the WHERE, so that an edit in between is not published unseen.
    where = {"text": version.text, "summary": version.summary}
    news = AgreementPublished(version.pk)
    published, moved = move(version, PUBLISH, actor=actor, fields=fields, where=where, news=news)
    if not moved and published.state == VersionState.DRAFT:
        words = _("Somebody changed the draft while you were reading it.")
        raise _refusal("agreements.publish", "draft-changed", words, _("Read it again, then publish."), Kind.CONFLICT)
    return published


@transaction.atomic
def sign_version(
    version: AgreementVersion,
    *,
    actor: Person,
    typed_name: str,
    read_digest: str,
    address: str | None,
    user_agent: str,
    method: str = Method.TYPED_NAME,
) -> Signature:
    """Bind a person to the exact text they read. `read_digest` is the digest that was on the page. Twice is once.

    Raises Refused signature-name, signature-name-other, agreement-changed, and what the rule says.
    """
    require("agreements.sign", actor, version)
    name = typed_name.strip()
    nothing = _("Nothing was signed.")
    if not name:
        raise _refusal("agreements.sign", "signature-name", _("Type your name to sign."), nothing)
    if not is_same_name(name, actor.name):
        words = _("This is not the name of your account, %(name)s.") % {"name": actor.name}
        todo = _("Nothing was signed. Type your name, or correct it in your profile first.")
        raise _refusal("agreements.sign", "signature-name-other", words, todo)
    read = next((one for one in readings(version) if one.digest == read_digest), None)
    if read is None:
        words = _("The text changed while you were reading.")
        raise _refusal("agreements.sign", "agreement-changed", words, _("Reload and read it again."), Kind.CONFLICT)
    try:
        with transaction.atomic():
            signature = Signature.objects.create(
                version=version,
                person=actor,
                language=read.language,
                typed_name=name[:160],
                digest=read.digest,
                method=method,
                address=address,
                user_agent=user_agent[:300],
            )
    except IntegrityError:
        return Signature.objects.get(version=version, person=actor)
    Declining.objects.filter(version=version, person=actor).delete()
    record("agreements.sign", actor=actor, subject=signature, detail={"digest": read.digest, "language": read.language})
    announce(AgreementSigned(signature.pk))
    return signature


@transaction.atomic
def decline_version(version: AgreementVersion, *, actor: Person, reason: str = "") -> Declining:
    """Say no. The account stays, works stay, approvals stay; what was signed before holds until its own end. Twice is once."""
    require("agreements.decline", actor, version)
    declining, new = Declining.objects.get_or_create(
        version=version, person=actor, defaults={"reason": reason.strip()[:500]}
    )
    if new:
        record("agreements.decline", actor=actor, subject=version, detail={"reason": declining.reason})
    return declining
