"""The secret calendar address of a person."""

import re
import secrets

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from artists.gatherings.models import Feed
from artists.people.models import Person
from portal.access import require
from portal.audit.chain import record

SALT = "artists.gatherings.feed"
FORM = re.compile(r"[A-Za-z0-9_-]{43}")


def digest_of(secret: str, key: str | None = None) -> str:
    """What is stored: keyed with the site's secret, so that a stolen table opens nobody's calendar."""
    return salted_hmac(SALT, secret, secret=key or settings.SECRET_KEY, algorithm="sha256").hexdigest()


@transaction.atomic
def make_feed(*, actor: Person) -> str:
    """A new address; the one before ends at once. Returns its secret, which is never kept."""
    require("gatherings.keep_feed", actor, actor)
    secret = secrets.token_urlsafe(32)
    Feed.objects.update_or_create(person=actor, defaults={"digest": digest_of(secret), "made_at": timezone.now()})
    record("gatherings.make_feed", actor=actor, subject=actor)
    return secret


@transaction.atomic
def end_feed(*, actor: Person) -> bool:
    """No address any more. True when there was one."""
    require("gatherings.keep_feed", actor, actor)
    gone, _rows = Feed.objects.filter(person=actor).delete()
    if gone:
        record("gatherings.end_feed", actor=actor, subject=actor)
    return bool(gone)
