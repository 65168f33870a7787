"""What the public reports about a release: no account is needed, and nothing about the reporter is kept but their words."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from artists.sharing.models import Concern, Release
from artists.sharing.news import ConcernReported
from portal import happenings
from portal.access import Actor, require
from portal.api.paces import Pace, keep_pace
from portal.audit.chain import record

from .refusing import refusal

LONGEST_CONCERN = 4000
LONGEST_MAIL = 254
# One person with something to say is never slowed down; a script is.
CONCERNS = Pace("concerns", a_minute=2, at_once=5)


def _who(address: str | None) -> str:
    """A name for an address that is good for a day, and tells nobody the address."""
    day = timezone.now().date().isoformat()
    return salted_hmac("sharing.concern", f"{day}:{address or ''}", algorithm="sha256").hexdigest()[:32]


def _check(text: str, email: str) -> None:
    if not text:
        words = _("Say what is wrong.")
        raise refusal("sharing.report", "concern-empty", words, _("One sentence is enough. Nothing was sent yet."))
    if len(text) > LONGEST_CONCERN:
        words = _("A report has up to %(most)s characters; this one has %(count)s.")
        told = words % {"most": LONGEST_CONCERN, "count": len(text)}
        raise refusal("sharing.report", "concern-long", told, _("Shorten it; what you wrote is kept."))
    try:
        if email:
            validate_email(email)
    except ValidationError:
        email = "x" * (LONGEST_MAIL + 1)
    if len(email) > LONGEST_MAIL:
        words = _("This is no mail address.")
        raise refusal("sharing.report", "concern-mail", words, _("Correct it, or leave it out: it is optional."))


@transaction.atomic
def report_concern(
    release: Release, *, actor: Actor, text: str, email: str = "", address: str | None = None
) -> Concern:
    """Keep a report and tell those who answer. `address`: where it comes from, only to keep the pace.

    Raises Refused concern-empty, concern-long, concern-mail, too-many-requests, and what closes a release.
    """
    require("sharing.report", actor, release)
    kept, mail = text.strip(), email.strip()
    _check(kept, mail)
    keep_pace(CONCERNS, _who(address))
    concern = Concern.objects.create(release=release, text=kept, email=mail)
    record("sharing.report", actor=actor, subject=concern, detail={"release": release.slug})
    happenings.announce(ConcernReported(concern.pk))
    return concern
