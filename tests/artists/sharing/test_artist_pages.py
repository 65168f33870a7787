"""Asking, drafts, confirming, answering and the story of a request, by the pages of those who made the work."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.core.paginator import Paginator
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from artists.people.models import Person
from artists.sharing.models import Decision, Note, ShareRequest
from artists.sharing.queries import newest_known_to
from artists.sharing.services import approve, confirm, question, refuse, tell_now, withdraw
from artists.sharing.states import RequestState
from generation.bin import delete_clip
from generation.models import Clip
from portal.appeals.services import appeal, decide
from portal.happenings import delivery
from portal.notices.models import Letter, Notice
from tests.factories.sharing import REASON, asked_for, refused, released

WANTED = {"title": "Harbour", "destination": "A festival", "words": "Kept words", "act": "send"}


@pytest.fixture
def clip(ada: Person, clip_of: Callable[..., Clip]) -> Clip:
    """Ada's."""
    return clip_of(ada)


def sent(client: Client, name: str, pk: Any, **values: Any) -> tuple[int, str]:
    """Status and page of a form."""
    answer = client.post(reverse(name, args=[pk]), values)
    return answer.status_code, answer.content.decode()


def page_of(client: Client, name: str, *args: Any, query: str = "") -> str:
    """A page that is there."""
    answer = client.get(reverse(name, args=args) + query)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    ("code", "status", "wrong"),
    [
        ("title-missing", 422, {"title": " "}),
        ("destination-missing", 422, {"destination": ""}),
        ("embargo-past", 422, {"embargo_until": "2001-01-01T10:00"}),
        ("embargo-until-invalid", 422, {"embargo_until": "soon"}),
        ("url-not-web", 422, {"url": "javascript:alert(1)"}),
        ("url-max-length", 422, {"url": "https://x.org/" + "x" * 500}),
        ("collaborator-unknown", 422, {"collaborators": "nobody@example.org"}),
        ("collaborator-self", 422, {"collaborators": "ada@example.org"}),
        ("channels-invalid-choice", 422, {"channels": ["billboard"]}),
        ("checked-invalid-choice", 422, {"checked": ["criticism"]}),
    ],
)
def test_wrong_request_says_its_code_and_keeps_what_was_typed(
    ada: Person, clip: Clip, client_of: Callable[[Person], Client], code: str, status: int, wrong: dict[str, Any]
) -> None:
    answered, page = sent(client_of(ada), "share_new", clip.pk, **(WANTED | wrong))
    assert (answered, f'<span class="code">{code}</span>' in page, "Kept words" in page) == (status, True, True)
    assert not ShareRequest.objects.exclude(state="draft").exists()


def test_second_request_for_the_same_places_is_refused_with_the_way_to_the_first(
    ada: Person, clip: Clip, client_of: Callable[[Person], Client]
) -> None:
    first = asked_for(clip)
    status, page = sent(client_of(ada), "share_new", clip.pk, **(WANTED | {"destination": "a  FESTIVAL"}))
    assert (status, "share-open" in page, reverse("share_request", args=[first.pk]) in page) == (409, True, True)


def test_clip_of_somebody_else_or_deleted_is_not_there(
    ada: Person, ben: Person, clip: Clip, client_of: Callable[[Person], Client]
) -> None:
    several = f"{reverse('share_several')}?clip={clip.pk}"
    found = [sent(client_of(ben), "share_new", clip.pk, **WANTED)[0], client_of(ben).get(several).status_code]
    delete_clip(clip, actor=ada)
    found += [sent(client_of(ada), "share_new", clip.pk, **WANTED)[0], client_of(ada).get(several).status_code]
    assert (found, ShareRequest.objects.count()) == ([404] * 4, 0)


def test_draft_of_a_clip_deleted_meanwhile_is_refused_when_it_is_sent(
    ada: Person, clip: Clip, client_of: Callable[[Person], Client]
) -> None:
    client = client_of(ada)
    sent(client, "share_new", clip.pk, **(WANTED | {"act": "save"}))
    draft = ShareRequest.objects.get()
    delete_clip(clip, actor=ada)
    status, page = sent(client, "share_edit", draft.pk, **WANTED)
    assert (status, "clip-deleted" in page, "Kept words" in page) == (410, True, True)


def test_draft_is_kept_gone_on_with_previewed_and_deleted(
    ada: Person, ben: Person, clip: Clip, client_of: Callable[[Person], Client]
) -> None:
    client = client_of(ada)
    assert sent(client, "share_new", clip.pk, **(WANTED | {"act": "save", "collaborators": ben.email}))[0] == 302
    draft = ShareRequest.objects.get()
    edit = page_of(client, "share_edit", draft.pk)
    assert ("Kept words" in edit, ben.email in edit, ">Draft<" in edit) == (True, True, True)
    preview = client.post(reverse("share_edit", args=[draft.pk]), WANTED | {"act": "preview", "title": "Pier"})
    assert preview["Location"] == reverse("share_preview", args=[draft.pk])
    assert "Pier" in page_of(client, "share_preview", draft.pk)
    statuses = [
        client_of(ben).get(reverse(name, args=[draft.pk])).status_code
        for name in ("share_request", "share_preview", "share_edit", "share_film")
    ]
    assert statuses == [404] * 4
    client.post(reverse("share_withdraw", args=[draft.pk]))
    draft.refresh_from_db()
    assert (draft.state, Notice.objects.count()) == ("withdrawn", 0)


def test_saving_script_is_told_the_address_of_the_draft_or_why_not(
    ada: Person, clip: Clip, client_of: Callable[[Person], Client]
) -> None:
    client, where = client_of(ada), reverse("share_new", args=[clip.pk])
    json = {"Accept": "application/json"}
    bad = client.post(where, WANTED | {"act": "save", "url": "data:x"}, headers=json)
    good = client.post(where, WANTED | {"act": "save"}, headers=json)
    draft = ShareRequest.objects.get()
    assert (bad.status_code, bad.json()["code"]) == (422, "url-not-web")
    assert good.json() == {"edit": reverse("share_edit", args=[draft.pk])}


def test_form_sent_after_the_session_ended_is_back_after_signing_in(
    ada: Person, clip: Clip, client_of: Callable[[Person], Client]
) -> None:
    where = reverse("share_new", args=[clip.pk])
    client = Client()
    out = client.post(where, WANTED)
    client.force_login(ada, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(where).content.decode()
    assert (out.status_code, out["Location"]) == (302, f"/accounts/login/?next={where}")
    assert ("Kept words" in page, "nothing was sent" in page, ShareRequest.objects.count()) == (True, True, 0)
    assert "Kept words" not in client.get(where).content.decode()


def test_several_films_make_one_request_each_and_what_is_refused_stays(
    ada: Person, clip: Clip, clip_of: Callable[..., Clip], client_of: Callable[[Person], Client]
) -> None:
    other = clip_of(ada, title="Pier")
    asked_for(other)
    client = client_of(ada)
    chosen = client.post(reverse("library_bulk"), {"act": "share", "clip": [clip.pk, other.pk]})
    page = client.get(chosen["Location"]).content.decode()
    assert "each film is decided by itself" in page
    values = WANTED | {f"title_{clip.pk}": "One", f"title_{other.pk}": "Two", f"alt_text_{clip.pk}": "A ball"}
    answer = client.post(chosen["Location"], values)
    left = answer.content.decode()
    assert (answer.status_code, "share-open" in left, 'value="Two"' in left, 'value="One"' in left) == (
        409, True, True, False,
    )  # fmt: skip
    made = ShareRequest.objects.get(clip=clip)
    assert (made.title, made.alt_text, made.words, made.state) == ("One", "A ball", "Kept words", "in_review")
    assert client.get(f"{reverse('share_several')}?clip={clip.pk}")["Location"] == reverse("share_new", args=[clip.pk])


def test_whoever_is_named_reads_what_is_asked_sees_the_film_and_confirms(
    ada: Person, ben: Person, nia: Person, clip: Clip, client_of: Callable[[Person], Client]
) -> None:
    asked = asked_for(clip, collaborators=[ben.email], words="On a loop.")
    client = client_of(ben)
    assert "names you as having made" in page_of(client, "sharing")
    page = page_of(client, "share_request", asked.pk)
    assert ("Did you make this too?" in page, "On a loop." in page, "Yours to confirm" in page) == (True, True, True)
    media = [client.get(reverse(f"share_{name}", args=[asked.pk])).status_code for name in ("film", "poster", "filmstrip", "preview")]  # fmt: skip
    assert (media, client_of(nia).get(reverse("share_film", args=[asked.pk])).status_code) == ([200] * 4, 404)
    read = asked.asked_at.isoformat()
    assert sent(client_of(ada), "share_part", asked.pk, act="confirm", seen=read)[0] == 404
    assert sent(client, "share_part", asked.pk, act="confirm", seen=read)[0] == 302
    assert ShareRequest.objects.get().state == "in_review"
    assert "Ben confirmed" in page_of(client_of(ada), "share_request", asked.pk)


def test_confirming_a_wording_that_was_changed_meanwhile_is_refused(
    ada: Person, ben: Person, clip: Clip, client_of: Callable[[Person], Client]
) -> None:
    asked = asked_for(clip, collaborators=[ben.email])
    read = asked.asked_at.isoformat()
    client = client_of(ada)
    client.post(reverse("share_rewrite", args=[asked.pk]))
    sent(client, "share_edit", asked.pk, **(WANTED | {"collaborators": ben.email}))
    for seen in (read, "", "never"):
        status, page = sent(client_of(ben), "share_part", asked.pk, act="confirm", seen=seen)
        assert (status, "request-changed" in page, "Kept words" in page) == (409, True, True)
    assert ShareRequest.objects.get().state == "waiting"


def test_declining_makes_it_a_draft_that_only_its_artist_sees(
    ada: Person, ben: Person, clip: Clip, client_of: Callable[[Person], Client]
) -> None:
    asked = asked_for(clip, collaborators=[ben.email])
    client = client_of(ben)
    assert sent(client, "share_part", asked.pk, act="decline")[0] == 302
    assert client.get(reverse("share_request", args=[asked.pk])).status_code == 404
    assert "Ben declined" in page_of(client_of(ada), "share_request", asked.pk)


def test_answer_starts_the_clock_again_and_a_wrong_one_keeps_its_words(
    ada: Person, rhea: Person, clip: Clip, client_of: Callable[[Person], Client]
) -> None:
    asked = asked_for(clip)
    question(asked, actor=rhea, text="Whose music is it?")
    client = client_of(ada)
    page = page_of(client, "share_request", asked.pk)
    assert ("Whose music is it?" in page, "The clock stands with 72 of its 72 hours left" in page) == (True, True)
    status, page = sent(client, "share_answer", asked.pk, text="x" * 4001)
    assert (status, "answer-long" in page, "x" * 4001 in page) == (422, True, True)
    assert sent(client, "share_answer", asked.pk, text=" ")[0] == 422
    assert sent(client, "share_answer", asked.pk, text="Mine.")[0] == 302
    assert ShareRequest.objects.get().state == "in_review"
    status, page = sent(client, "share_answer", asked.pk, text="Mine, again.")
    assert (status, "state-changed" in page, "Mine, again." in page) == (409, True, True)


def test_refusal_shows_ground_frames_sentence_notes_and_the_appeal(
    ada: Person, rhea: Person, clip: Clip, client_of: Callable[[Person], Client]
) -> None:
    from artists.sharing.services.deciding import Frames

    asked = asked_for(clip)
    Note.objects.create(
        request=asked, reviewer=rhea, first_frame=2, last_frame=3, fps_numerator=8, fps_denominator=1, text="A logo."
    )
    client = client_of(ada)
    assert "A logo." not in page_of(client, "share_request", asked.pk)
    refuse(asked, actor=rhea, ground="rights", reason=REASON, frames=Frames(1, 3))
    resting = page_of(client, "share_request", asked.pk)
    assert [words in resting for words in (REASON, "A logo.", ">In review<")] == [False, False, True]
    tell_now(asked, actor=rhea)
    page = page_of(client, "share_request", asked.pk)
    told = Decision.objects.get()
    wanted = [REASON, "A logo.", 'data-frame="1"', 'data-frame="2"', "#ground-rights", reverse("appeal_new", args=["share", str(told.pk)])]  # fmt: skip
    assert [words in page for words in wanted] == [True] * 6


def test_filter_by_state_never_tells_a_decision_that_rests(
    ada: Person, rhea: Person, clip: Clip, client_of: Callable[[Person], Client]
) -> None:
    asked = asked_for(clip, title="Unmistakable")
    approve(asked, actor=rhea, conditions="Only with the label.")
    client = client_of(ada)
    shown = {
        state: "Unmistakable" in client.get(f"{reverse('sharing')}?state={state}").content.decode()
        for state in ("", "in_review", "resting", "approved", "refused", "nonsense")
    }
    # What is no state of theirs is no filter.
    assert shown == {"": True, "in_review": True, "resting": True, "approved": False, "refused": False, "nonsense": True}  # fmt: skip
    for name in ("share_request", "share_preview"):
        assert "Only with the label." not in page_of(client, name, asked.pk)
    tell_now(asked, actor=rhea)
    assert "Only with the label." in page_of(client, "share_request", asked.pk)


def test_list_of_one_and_of_several_costs_the_same_few_queries(
    ada: Person, clip: Clip, client_of: Callable[[Person], Client], django_assert_max_num_queries: Any
) -> None:
    client = client_of(ada)
    asked_for(clip)
    client.get(reverse("sharing"))
    with django_assert_max_num_queries(60) as one:
        client.get(reverse("sharing"))
    for number in range(4):
        asked_for(clip, destination=f"Place {number}")
    with django_assert_max_num_queries(60) as five:
        client.get(reverse("sharing"))
    assert len(five) == len(one)


def test_list_holds_own_and_named_ones_newest_first_over_pages(
    ada: Person, ben: Person, clip: Clip, clip_of: Callable[..., Clip]
) -> None:
    made = [asked_for(clip, destination="Place 0")]
    made.append(asked_for(clip_of(ben), destination="Place 1", collaborators=[ada.email]))
    made += [asked_for(clip, destination=f"Place {number}") for number in (2, 3)]
    pages = Paginator(newest_known_to(ada), 3)
    assert (pages.count, [[one.pk for one in page.object_list] for page in pages]) == (
        4, [[one.pk for one in reversed(made[1:])], [made[0].pk]],
    )  # fmt: skip
    waits = newest_known_to(ada, RequestState.WAITING)
    assert ([one.pk for one in waits[0:9]], newest_known_to(ben).count()) == ([made[1].pk], 1)


def test_nobody_of_the_makers_ever_reads_who_decided(
    ada: Person, ben: Person, rhea: Person, rolf: Person, clip: Clip, client_of: Callable[[Person], Client]
) -> None:
    asked = asked_for(clip, collaborators=[ben.email])
    asked = confirm(asked.collaborators.get(), actor=ben)
    question(asked, actor=rhea, text="Whose music is it?")
    client = client_of(ada)
    client.post(reverse("share_answer", args=[asked.pk]), {"text": "Mine."})
    refuse(asked, actor=rhea, ground="person", reason=REASON)
    refuse(asked, actor=rolf, ground="person", reason=REASON)
    tell_now(asked, actor=rolf)
    delivery.sweep()
    made = appeal("share", str(Decision.objects.last().pk), actor=ada, text="It is my own face.")  # type: ignore[union-attr]
    pages = [
        page_of(one, name, *args)
        for one in (client, client_of(ben))
        for name, args in (
            ("sharing", []), ("share_request", [asked.pk]), ("share_withdraw", [asked.pk]), ("share_preview", [asked.pk]), ("inbox", []), ("appeals", []),
        )
    ]  # fmt: skip
    pages.append(page_of(client, "appeal", made.pk))
    pages += [f"{one.title} {one.body}" for one in Notice.objects.filter(person__in=[ada, ben])]
    pages += [f"{one.subject} {one.text} {one.html}" for one in Letter.objects.filter(to__in=[ada.email, ben.email])]
    pages += [str(one.message()) for one in mail.outbox if set(one.to) <= {ada.email, ben.email}]
    names = [rhea.name, rhea.email, rhea.label, rolf.name, rolf.email, rolf.label]
    assert [name for name in names for page in pages if name in page] == []


def test_collaborator_withdraws_and_both_pages_say_so(
    ada: Person, ben: Person, rhea: Person, clip: Clip, client_of: Callable[[Person], Client]
) -> None:
    asked = asked_for(clip, collaborators=[ben.email])
    release = released(confirm(asked.collaborators.get(), actor=ben), rhea)
    client = client_of(ben)
    assert sent(client, "share_withdraw", asked.pk)[0] == 302
    assert [">Withdrawn<" in page_of(one, "share_request", asked.pk) for one in (client, client_of(ada))] == [True] * 2
    assert Client().get(reverse("release", args=[release.slug])).status_code == 410


def test_overturned_refusal_is_public_and_its_story_is_told(
    ada: Person, rhea: Person, rolf: Person, clip: Clip, client_of: Callable[[Person], Client]
) -> None:
    asked = refused(asked_for(clip), rhea)
    made = appeal("share", str(Decision.objects.get().pk), actor=ada, text="It is mine.")
    client = client_of(ada)
    assert "Somebody other than who decided" in page_of(client, "share_request", asked.pk)
    decide(made, actor=rolf, overturned=True, answer="It is hers.")
    page = page_of(client, "share_request", asked.pk)
    assert [words in page for words in (">Approved<", "Appealed", "It is hers.", "/w/")] == [True] * 4


def test_asking_again_takes_the_words_over(
    ada: Person, rhea: Person, clip: Clip, client_of: Callable[[Person], Client]
) -> None:
    asked = refused(asked_for(clip, words="On a loop."), rhea)
    client = client_of(ada)
    link = f"{reverse('share_new', args=[clip.pk])}?again={asked.pk}"
    assert (link in page_of(client, "share_request", asked.pk), "On a loop." in client.get(link).content.decode()) == (
        True, True,
    )  # fmt: skip
    assert client.get(f"{reverse('share_new', args=[clip.pk])}?again=nonsense").status_code == 200


def test_embargo_is_read_in_the_artists_own_zone(
    ada: Person, clip: Clip, client_of: Callable[[Person], Client]
) -> None:
    Person.objects.filter(pk=ada.pk).update(time_zone="Asia/Tokyo")
    day = (timezone.now() + timedelta(days=9)).strftime("%Y-%m-%d")
    sent(client_of(Person.objects.get(pk=ada.pk)), "share_new", clip.pk, **(WANTED | {"embargo_until": f"{day}T09:00"}))
    embargo = ShareRequest.objects.get().embargo_until
    assert embargo is not None and embargo.isoformat() == f"{day}T00:00:00+00:00"


def test_withdrawn_twice_is_no_error(ada: Person, clip: Clip, client_of: Callable[[Person], Client]) -> None:
    asked = asked_for(clip)
    withdraw(asked, actor=ada)
    assert sent(client_of(ada), "share_withdraw", asked.pk)[0] == 302


def test_suspended_artist_is_told_and_keeps_the_draft(
    ada: Person, sam: Person, clip: Clip, client_of: Callable[[Person], Client]
) -> None:
    from portal.program.reach import Target
    from portal.program.states import Scope
    from portal.program.suspending import suspend

    suspend(Target(Scope.ARTIST, artist=ada), actor=sam, reason="A question is open.")
    status, page = sent(client_of(ada), "share_new", clip.pk, **WANTED)
    assert (status, "suspended-artist" in page, "Kept words" in page) == (403, True, True)


def test_rest_is_a_setting_that_the_grounds_name(client: Client, db: None) -> None:
    assert f"rests for {settings.VERNISSAGE_DECISION_REST_MINUTES} minutes" in page_of(client, "grounds")
