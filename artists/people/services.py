"""Acts on accounts: make a person, grant a role, sign in by a one-time link."""

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.access import Actor, Kind, Refused, denied, require
from portal.audit.chain import record

from .models import Person, RoleGrant, SignInLink
from .roles import Role

LINK_LIFE = timedelta(hours=12)


def digest_of(secret: str) -> str:
    """What is stored of a secret link."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def grant_role(person: Person, role: Role, *, actor: Actor) -> RoleGrant:
    """Give a person a role; twice is once."""
    require("people.grant_role", actor, person)
    grant, new = RoleGrant.objects.get_or_create(person=person, role=role)
    if new:
        record("people.grant_role", actor=actor, subject=person, detail={"role": str(role)})
        person.__dict__.pop("roles", None)
    return grant


@transaction.atomic
def make_person(email: str, name: str, *roles: Role, actor: Actor) -> Person:
    """The person with this address, made when new, holding at least these roles."""
    require("people.grant_role", actor, None)
    person = Person.objects.filter(email__iexact=email.strip()).first()
    if person is None:
        person = Person.objects.create_user(email, name=name)
        record("people.make", actor=actor, subject=person)
    for role in roles:
        grant_role(person, role, actor=actor)
    return person


def make_link(person: Person) -> str:
    """A fresh one-time secret for the demonstration's sign-in links. Unused older ones stay good until they expire."""
    secret = secrets.token_urlsafe(24)
    SignInLink.objects.create(person=person, digest=digest_of(secret), expires_at=timezone.now() + LINK_LIFE)
    return secret


@transaction.atomic
def use_link(secret: str, *, actor: Actor) -> Person:
    """Whose link this is; works once. Raises Refused link-used, link-expired, link-unknown."""
    require("people.use_link", actor, None)
    link = SignInLink.objects.select_related("person").filter(digest=digest_of(secret)).first()
    again = _("Run `manage.py demo` for a fresh one.")
    if link is None:
        raise Refused(
            "people.use_link", denied("link-unknown", _("This is not a sign-in link."), todo=again, kind=Kind.MISSING)
        )
    now = timezone.now()
    if link.expires_at <= now:
        raise Refused(
            "people.use_link", denied("link-expired", _("This sign-in link is too old."), todo=again, kind=Kind.GONE)
        )
    if not SignInLink.objects.filter(pk=link.pk, used_at=None).update(used_at=now):
        raise Refused(
            "people.use_link", denied("link-used", _("This sign-in link was used."), todo=again, kind=Kind.GONE)
        )
    record("people.use_link", actor=link.person, subject=link.person)
    return link.person


@transaction.atomic
def set_profile(
    *, actor: Person, name: str, credit_name: str, discipline: str, links: list[str], time_zone: str, language: str
) -> Person:
    """Write what somebody says about themselves. The record keeps which fields changed, not what they say."""
    require("people.set_profile", actor, actor)
    fields = {
        "name": name,
        "credit_name": credit_name,
        "discipline": discipline,
        "links": links,
        "time_zone": time_zone,
        "language": language,
    }
    before = Person.objects.filter(pk=actor.pk).values(*fields).get()
    changed = sorted(field for field in fields if before[field] != fields[field])
    if changed:
        Person.objects.filter(pk=actor.pk).update(**fields)
        record("people.set_profile", actor=actor, subject=actor, detail={"changed": changed})
    return Person.objects.get(pk=actor.pk)
