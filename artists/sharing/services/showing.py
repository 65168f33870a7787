"""The program's own showcase is a use like any other: it stands on a consent, and is in the register."""

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from artists.consent.kinds import UseKind
from artists.consent.models import Use
from artists.consent.queries import may_use, showable
from artists.consent.services.offering import offer_use
from artists.consent.services.register import Happened, record_use
from artists.people.models import Person
from artists.sharing.models import ShareRequest
from artists.sharing.queries import releases_shown
from artists.sharing.states import CollaboratorState
from portal.access import Refused, System
from portal.notices.services import address

WHERE = "/showcase/"
MOST = 100


def offer_showcase(request: ShareRequest) -> None:
    """Whoever asked, or confirmed, a request "for the showcase too" has said yes to this use: it becomes a consent."""
    if not request.showcase or may_use(request.clip, UseKind.SHOWCASE):
        return
    confirmed = request.collaborators.filter(state=CollaboratorState.CONFIRMED).select_related("person")
    authors: list[Person] = [request.artist, *(one.person for one in confirmed)]
    if all(person.is_active for person in authors):
        text = _("“%(title)s” on the showcase, as you asked for with the share request.") % {"title": request.title}
        offer_use(request.clip, UseKind.SHOWCASE, authors=authors, where=WHERE, text=text)


def record_shown() -> int:
    """Works that are on the showcase now and not in the register yet, each under the consent it is shown by."""
    known = Use.objects.filter(clip=OuterRef("request__clip"), kind=UseKind.SHOWCASE, where=WHERE)
    count = 0
    for release in releases_shown().filter(~Exists(known))[:MOST]:
        consent = showable().filter(clip=release.request.clip_id).first()
        if consent is None:
            continue
        shown = Happened(timezone.now(), WHERE, url=address(reverse("release", args=[release.slug])))
        try:
            record_use(consent, shown, actor=System("showcase"))
        except Refused:  # withdrawn since the look: then it is not shown any more either
            continue
        count += 1
    return count
