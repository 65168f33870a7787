"""The showcase is a use: it stands on a consent, is in the register, and ends with it at the next request."""

from collections.abc import Callable
from datetime import timedelta

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from artists.consent.authors import authors_of
from artists.consent.models import Consent, Use
from artists.consent.services import pause_consents, resume_consents, withdraw_consent
from artists.people.models import Person
from artists.sharing.queries import releases_shown
from artists.sharing.services import confirm, record_shown
from generation.models import Clip
from portal.program.reach import Target
from portal.program.states import Scope
from portal.program.suspending import resume, suspend
from tests.factories.sharing import asked_for, released


def shown(client: Client) -> bool:
    """Whether a stranger sees the work on the showcase."""
    return "Tidewater" in client.get(reverse("showcase")).content.decode()


def test_work_is_shown_only_where_its_makers_said_so(
    ada: Person, ben: Person, rhea: Person, clip_of: Callable[..., Clip], client: Client
) -> None:
    released(asked_for(clip_of(ada), title="Tidewater"), rhea)
    assert (shown(client), Consent.objects.count()) == (False, 0)
    asked = asked_for(clip_of(ada), showcase=True, title="Tidewater", collaborators=[ben.email])
    part = asked.collaborators.get()
    released(confirm(part, actor=ben), rhea)
    consent = Consent.objects.get()
    assert (shown(client), set(consent.grants.values_list("person", flat=True))) == (True, {ada.pk, ben.pk})
    assert (record_shown(), record_shown()) == (1, 0)
    assert [(use.where, use.kind, use.recorded_by_label) for use in Use.objects.all()] == [
        ("/showcase/", "showcase", "system: showcase")
    ]


def test_withdrawal_pause_and_suspension_hide_it_at_the_next_request(
    ada: Person, sam: Person, rhea: Person, clip_of: Callable[..., Clip], client: Client
) -> None:
    release = released(asked_for(clip_of(ada), showcase=True, title="Tidewater"), rhea)
    seen = [shown(client)]
    pause = pause_consents(actor=ada, until=timezone.now() + timedelta(days=1))
    seen.append(shown(client))
    resume_consents(pause, actor=ada)
    stop = suspend(Target(Scope.ARTIST, artist=ada), actor=sam, reason="A look at something.")
    seen.append(shown(client))
    resume(stop, actor=sam)
    seen.append(shown(client))
    withdraw_consent(Consent.objects.get(), actor=ada)
    seen.append(shown(client))
    assert seen == [True, False, False, True, False]
    # The page itself stands on the approval, which she did not take back.
    assert client.get(reverse("release", args=[release.slug])).status_code == 200
    assert list(releases_shown()) == []


def test_whoever_confirmed_is_asked_for_consent_too(
    ada: Person, ben: Person, nia: Person, clip_of: Callable[..., Clip]
) -> None:
    clip = clip_of(ada)
    asked = asked_for(clip, collaborators=[ben.email, nia.email])
    confirm(asked.collaborators.get(person=ben), actor=ben)
    assert authors_of(clip) == {ada.pk, ben.pk}
