"""Pages of awards, batches and rounds: from a proposal to a promise, from a call to an answer, nothing typed lost."""

import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from allauth.mfa.totp.internal.auth import TOTP
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from freezegun import freeze_time

from artists.compensation.awards import services
from artists.compensation.models import Application, Approval, Award, Batch, Fund, Payment, Round
from artists.people.models import Person
from portal.panels import panels_of, status
from portal.program.models import Cohort
from tests.factories.awards import applied, approved, call, chosen, closed, left_out, opened, submitted
from tests.factories.codes import one_time_code
from tests.factories.pay import earned, funded
from tests.factories.surveys import many

ClientOf = Callable[[Person], Client]
HOSTILE = '<img src=x onerror=alert(1)>"'
SECRET = "JBSWY3DPEHPK3PXP"


def page(client: Client, path: str, code: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == code
    return answer.content.decode()


def fields(ada: Person, fund: Fund, **more: Any) -> dict[str, Any]:
    values = {
        "payee": ada.pk,
        "kind": "fee",
        "purpose": "work",
        "title": HOSTILE,
        "fund": fund.pk,
        "amount": "300.01",
        "parts": "2",
        "first": timezone.now().date().isoformat(),
        "months": "1",
        "terms": HOSTILE,
        "key": uuid.uuid4(),
        "act": "submit",
    }
    return values | more


def test_award_from_proposal_to_promise(
    ada: Person, sam: Person, tess: Person, olga: Person, fund: Fund, client_of: ClientOf
) -> None:
    staff, one, two = (client_of(who) for who in (sam, tess, olga))
    new = reverse("staff_award_new")
    look = staff.post(new, fields(ada, fund, act="look")).content.decode()
    assert ("Has not said yet how to be paid." in look, Award.objects.count()) == (True, 0)
    wrong = {
        "10.005": "amount-unreadable",
        "-5": "amount-unreadable",
        "0": "A sum of nothing moves nothing.",
    }
    for text, code in wrong.items():
        answer = staff.post(new, fields(ada, fund, amount=text))
        assert (answer.status_code, code in answer.content.decode(), f'value="{text}"' in answer.content.decode()) == (
            422,
            True,
            True,
        )
    many_parts = staff.post(new, fields(ada, fund, amount="0.01"))
    assert (many_parts.status_code, "instalments-wrong" in many_parts.content.decode()) == (422, True)
    assert Award.objects.count() == 0
    staff.post(new, fields(ada, fund))
    award = Award.objects.get()
    here, own = reverse("staff_award", args=[award.pk]), reverse("award", args=[award.pk])
    assert (award.state, [one_["amount"] for one_ in award.instalments]) == ("submitted", [15_001, 15_000])
    artist = client_of(ada)
    assert artist.get(own).status_code == 404
    today, shown = page(one, reverse("today")), page(one, here)
    assert ("wait for you to approve" in today, "wait for you to approve" in page(staff, reverse("today"))) == (
        True,
        False,
    )
    assert (award.digest in shown, "300.01" in shown, "ada@example.org" in shown, ">Approve<" in shown) == (
        True,
        True,
        True,
        True,
    )
    mine = page(staff, here)
    assert (">Approve<" in mine, "own-proposal" in mine, "Change it" in mine) == (False, True, True)
    approve = reverse("staff_award_approve", args=[award.pk])
    stale = one.post(approve, {"digest": "0" * 64, "note": HOSTILE})
    assert (stale.status_code, "digest-stale" in stale.content.decode(), "&lt;img src=x" in stale.content.decode()) == (
        409,
        True,
        True,
    )
    one.post(approve, {"digest": award.digest, "note": HOSTILE})
    assert "1 of 2 approvals" in page(two, here)
    self_made = staff.post(approve, {"digest": award.digest})
    assert (self_made.status_code, "own-proposal" in self_made.content.decode()) == (403, True)
    two.post(approve, {"digest": award.digest})
    told = page(artist, own)
    assert (
        Award.objects.get().state,
        "150.01" in told,
        "150.00" in told,
        award.digest in told,
        "no-profile" in told,
    ) == ("approved", True, True, True, True)
    nothing = two.post(reverse("staff_award_end", args=[award.pk]), {"end-reason": ""})
    assert (nothing.status_code, Award.objects.get().state) == (422, "approved")
    two.post(reverse("staff_award_end", args=[award.pk]), {"end-reason": HOSTILE})
    assert (Award.objects.get().state, set(Payment.objects.values_list("state", flat=True))) == ("void", {"cancelled"})
    pages = [
        shown,
        mine,
        told,
        page(artist, own),
        page(two, here),
        page(one, reverse("staff_awards")),
        page(artist, "/grants/"),
    ]
    assert ["<img src=x" in text for text in pages] == [False] * len(pages)


def test_award_form_that_is_sent_twice_makes_one_award(
    ada: Person, sam: Person, tess: Person, fund: Fund, client_of: ClientOf
) -> None:
    staff, new = client_of(sam), reverse("staff_award_new")
    assert re.search(r'type="hidden" name="key" value="[0-9a-f-]{36}"', page(staff, new))
    typed = fields(ada, fund)
    first, again = staff.post(new, typed), staff.post(new, typed)
    assert (Award.objects.count(), first["Location"], again["Location"]) == (1, again["Location"], first["Location"])
    other = staff.post(new, typed | {"amount": "500"})
    assert (other.status_code, "already-made" in other.content.decode(), Award.objects.get().amount) == (
        409,
        True,
        30_001,
    )
    assert client_of(tess).post(new, typed).status_code == 409
    staff.post(new, fields(ada, fund))
    assert Award.objects.count() == 2


def test_old_second_factor_is_asked_again_and_what_was_typed_is_kept(
    ada: Person, sam: Person, tess: Person, fund: Fund
) -> None:
    award = submitted(ada, fund, by=sam)
    TOTP.activate(tess, SECRET)
    tess.set_password("a long enough sentence")
    tess.save()
    client = Client()
    client.post("/accounts/login/", {"login": tess.email, "password": "a long enough sentence"})
    client.post("/accounts/2fa/authenticate/", {"code": one_time_code(SECRET)})
    here, approve = reverse("staff_award", args=[award.pk]), reverse("staff_award_approve", args=[award.pk])
    with freeze_time(timezone.now() + timedelta(minutes=20), tick=True):
        old = client.post(approve, {"digest": award.digest, "note": "Read twice."})
        text = old.content.decode()
        assert (
            old.status_code,
            "second-factor-old" in text,
            'value="Read twice."' in text,
            Approval.objects.count(),
        ) == (403, True, True, 0)
        again = re.search(r'href="(/accounts/2fa/reauthenticate/[^"]+)"', text)
        assert again is not None
        back = client.post(again[1].replace("&amp;", "&"), {"code": one_time_code(SECRET)})
        assert (back.status_code, back["Location"]) == (302, here)
        assert 'value="Read twice."' in page(client, here)
        client.post(approve, {"digest": award.digest, "note": "Read twice."})
    assert Approval.objects.get().note == "Read twice."


def test_staff_viewing_as_an_artist_approve_nothing(
    ada: Person, sam: Person, tess: Person, fund: Fund, client_of: ClientOf
) -> None:
    award = submitted(ada, fund, by=sam)
    client = client_of(tess)
    client.post(reverse("person_view", args=[ada.pk]), {"reason": "A question."})
    answer = client.post(reverse("staff_award_approve", args=[award.pk]), {"digest": award.digest})
    assert (answer.status_code, "viewing-only" in answer.content.decode(), Approval.objects.count()) == (403, True, 0)


def test_change_makes_it_a_draft_again(ada: Person, sam: Person, tess: Person, fund: Fund, client_of: ClientOf) -> None:
    award = submitted(ada, fund, by=sam)
    client = client_of(sam)
    change = reverse("staff_award_change", args=[award.pk])
    text = page(client, change)
    assert ("whatever was approved is void" in text, 'value="300.00"' in text) == (True, True)
    client.post(change, fields(ada, fund, amount="200", act="keep"))
    assert (Award.objects.get().state, Award.objects.get().amount) == ("draft", 20_000)
    assert client_of(tess).get(change).status_code == 403
    client.post(reverse("staff_award_submit", args=[award.pk]))
    assert Award.objects.get().state == "submitted"
    beyond = client.post(reverse("staff_award_new"), fields(ada, fund, amount="9999"), follow=True).content.decode()
    assert "beyond-budget" in beyond
    decline = client_of(tess).post(
        reverse("staff_award_decline", args=[award.pk]),
        {"no-reason": HOSTILE, "no-digest": Award.objects.get(pk=award.pk).digest},
    )
    assert (decline.status_code, Award.objects.get(pk=award.pk).end_reason) == (302, HOSTILE)
    other = Award.objects.exclude(pk=award.pk).get()
    client.post(reverse("staff_award_withdraw", args=[other.pk]))
    assert Award.objects.get(pk=other.pk).state == "withdrawn"


def test_batch_from_dry_run_to_promise(
    ada: Person, ben: Person, sam: Person, tess: Person, olga: Person, fund: Fund, client_of: ClientOf
) -> None:
    earned(ada, 2500, source="a", about=HOSTILE)
    earned(ben, 4000, source="b")
    staff, new = client_of(sam), reverse("staff_batch_new")
    until = (timezone.now() + timedelta(minutes=2)).strftime("%Y-%m-%dT%H:%M")
    asked = {"fund": str(fund.pk), "until": until, "act": "look"}
    plan = staff.post(new, asked)
    text = plan.content.decode()
    assert (
        plan.status_code,
        "25.00" in text,
        "40.00" in text,
        "65.00" in text,
        "no-profile" in text,
        Batch.objects.count(),
    ) == (200, True, True, True, True, 0)
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', text)
    assert seen is not None
    make = asked | {"act": "make", "title": HOSTILE, "terms": "", "seen": seen[1], "people": [ada.pk, ben.pk]}
    earned(ada, 100, source="c")
    changed = staff.post(new, make)
    again = re.search(r'name="seen" value="([0-9a-f]{64})"', changed.content.decode())
    assert (changed.status_code, "plan-changed" in changed.content.decode(), Batch.objects.count()) == (409, True, 0)
    assert again is not None and again[1] != seen[1]
    untitled = staff.post(new, make | {"title": "", "seen": again[1]})
    assert (untitled.status_code, Batch.objects.count()) == (422, 0)
    done = staff.post(new, make | {"seen": again[1], "people": [ada.pk, ben.pk]})
    batch = Batch.objects.get()
    here = reverse("staff_batch", args=[batch.pk])
    assert (done.status_code, done["Location"], Award.objects.count()) == (302, here, 2)
    for who in (tess, olga):
        client = client_of(who)
        ticked = re.findall(r'name="award" value="([0-9a-f-]{36}:[0-9a-f]{64})"', page(client, here))
        assert len(ticked) == 2
        client.post(reverse("staff_batch_approve", args=[batch.pk]), {"award": [*ticked, "rubbish", f"{batch.pk}:x"]})
    assert set(Award.objects.values_list("state", flat=True)) == {"approved"}
    pages = [
        text,
        page(staff, here),
        page(staff, reverse("staff_batches")),
        page(staff, reverse("staff_award", args=[Award.objects.first().pk])),
    ]  # type: ignore[union-attr]
    assert ["<img src=x" in one for one in pages] == [False] * len(pages)


def test_batch_says_of_each_award_why_it_was_not_approved(
    ada: Person, ben: Person, sam: Person, tess: Person, olga: Person, fund: Fund, client_of: ClientOf
) -> None:
    earned(ada, 2500, source="a")
    earned(ben, 4000, source="b")
    until = timezone.now() + timedelta(minutes=1)
    seen = services.plan_batch(fund, until, actor=sam).digest
    batch = services.make_batch(fund, until, actor=sam, title="October", seen=seen, people=[ada.pk, ben.pk])
    one, two = Award.objects.order_by("payee__name")
    services.withdraw_award(two, actor=sam)
    client, address = client_of(tess), reverse("staff_batch_approve", args=[batch.pk])
    answer = client.post(
        address, {"award": [f"{one.pk}:{one.digest}", f"{two.pk}:{two.digest}"]}, follow=True
    ).content.decode()
    assert ("1 award was approved by you." in answer, "award-moved" in answer, Approval.objects.count()) == (
        True,
        True,
        1,
    )


def round_fields(fund: Fund, **more: Any) -> dict[str, Any]:
    now = timezone.now()
    moments = {
        "opens_at": now - timedelta(hours=1),
        "closes_at": now + timedelta(days=3),
        "decided_by": now + timedelta(days=9),
    }
    values = {
        "title": HOSTILE,
        "call": HOSTILE,
        "criteria": f"{HOSTILE}\nDoable",
        "fund": fund.pk,
        "most_each": "200",
        "grants": "2",
    }
    return values | {name: f"{at:%Y-%m-%dT%H:%M}" for name, at in moments.items()} | more


def test_round_from_call_to_answer(
    ada: Person, ben: Person, sam: Person, tess: Person, olga: Person, fund: Fund, client_of: ClientOf
) -> None:
    staff, artist, other = client_of(sam), client_of(ada), client_of(ben)
    wrong = staff.post(reverse("staff_round_new"), round_fields(fund, closes_at="2020-01-01T10:00"))
    assert (wrong.status_code, "closes-past" in wrong.content.decode(), "&lt;img src=x" in wrong.content.decode()) == (
        422,
        True,
        True,
    )
    staff.post(reverse("staff_round_new"), round_fields(fund))
    found = Round.objects.get()
    desk, here, apply = (reverse(name, args=[found.pk]) for name in ("staff_round", "grant_round", "grant_apply"))
    assert artist.get(here).status_code == 404
    staff.post(reverse("staff_round_change", args=[found.pk]), round_fields(fund, grants="1"))
    staff.post(reverse("staff_round_open", args=[found.pk]))
    typed = {"text": HOSTILE, "links": "https://example.org/rain", "amount": "150", "act": "save"}
    kept = artist.post(apply, typed, headers={"Accept": "application/json"})
    assert (kept.status_code, kept.json()) == (200, {"edit": apply})
    bad = artist.post(apply, typed | {"amount": "10.005"}, headers={"Accept": "application/json"})
    assert (bad.status_code, bad.json()["code"]) == (422, "amount-unreadable")
    silent = artist.post(apply, typed | {"text": "", "act": "hand_in"})
    assert (silent.status_code, "text-missing" in silent.content.decode()) == (422, True)
    artist.post(apply, typed | {"act": "hand_in"})
    other.post(apply, typed | {"act": "hand_in", "text": "Mine."})
    assert (Application.objects.filter(state="submitted").count(), artist.get(apply)["Location"]) == (2, here)
    artist.post(reverse("grant_take_back", args=[found.pk]))
    assert "&lt;img src=x" in page(artist, apply)
    artist.post(apply, typed | {"act": "hand_in"})
    open_pages = [page(artist, path) for path in ("/grants/", here, "/")]
    early = staff.post(reverse("staff_round_decide", args=[found.pk]), {"parts": "1"})
    assert (early.status_code, "round-open" in early.content.decode()) == (409, True)
    closed(found)
    assert "artists are told by" in page(staff, reverse("today"))
    mine, his = (Application.objects.get(person=who) for who in (ada, ben))
    answer = {"reason_0": HOSTILE, "reason_1": "Yes.", "answer": HOSTILE, "amount": "150", "act": "choose"}
    address = reverse("staff_application", args=[mine.pk])
    missing = staff.post(address, answer | {"amount": ""})
    assert (missing.status_code, "amount-wrong" in missing.content.decode()) == (422, True)
    staff.post(address, answer)
    assert "Reconsider" in page(staff, address)
    staff.post(reverse("staff_application_reconsider", args=[mine.pk]))
    staff.post(address, answer)
    staff.post(reverse("staff_application", args=[his.pk]), answer | {"act": "leave", "reason_1": "Not yet."})
    # Nobody is told before the round is decided.
    assert ["Not yet." in page(other, path) for path in ("/grants/", here, "/")] == [False] * 3
    assert "not chosen" not in page(other, "/grants/")
    staff.post(reverse("staff_round_decide", args=[found.pk]), {"parts": "3"})
    award = Award.objects.get()
    assert ([one["amount"] for one in award.instalments], award.state) == ([5000] * 3, "submitted")
    assert ("You were chosen" in page(artist, here), "Not yet." in page(other, here)) == (True, True)
    for who in (tess, olga):
        client_of(who).post(reverse("staff_award_approve", args=[award.pk]), {"digest": award.digest})
    texts = [
        *open_pages,
        page(artist, here),
        page(artist, reverse("award", args=[award.pk])),
        page(artist, "/"),
        page(staff, desk),
        page(staff, address),
        page(staff, reverse("staff_rounds")),
    ]
    assert "The grant is promised to you" in texts[3]
    assert ["<img src=x" in text for text in texts] == [False] * len(texts)


def test_others_see_nothing(
    ada: Person, ben: Person, rhea: Person, sam: Person, tess: Person, olga: Person, fund: Fund, client_of: ClientOf
) -> None:
    award = approved(ada, fund, by=sam, approvers=[tess, olga])
    draft = services.make_round(call(fund), actor=sam)
    assert [client_of(who).get(reverse("award", args=[award.pk])).status_code for who in (ada, ben, rhea, sam)] == [
        200,
        404,
        404,
        404,
    ]
    assert [client_of(who).get(reverse("grant_round", args=[draft.pk])).status_code for who in (ada, rhea, sam)] == [
        404
    ] * 3
    application = applied(opened(fund, by=sam), ada)
    assert [
        client_of(who).get(reverse("staff_application", args=[application.pk])).status_code for who in (ada, rhea, sam)
    ] == [403, 403, 200]


def test_status_counts_what_waits(ada: Person, sam: Person, fund: Fund) -> None:
    submitted(ada, fund, by=sam)
    opened(fund, by=sam)
    assert status()["awards"] == {"waiting": 1, "promised": 0, "rounds_open": 1}


def test_cancelled_round_says_why(ada: Person, sam: Person, fund: Fund, client_of: ClientOf) -> None:
    found = opened(fund, by=sam)
    applied(found, ada)
    client = client_of(sam)
    silent = client.post(reverse("staff_round_cancel", args=[found.pk]), {"cancel-reason": ""})
    assert silent.status_code == 422
    client.post(reverse("staff_round_cancel", args=[found.pk]), {"cancel-reason": "The budget was cut."})
    assert "The budget was cut." in page(client_of(ada), reverse("grant_round", args=[found.pk]))


def test_lists_take_the_same_queries_for_one_and_three(
    ada: Person, sam: Person, tess: Person, olga: Person, cohort_a: Cohort, client_of: ClientOf
) -> None:
    fund = funded(sam, 10**7)
    people = many(cohort_a, 3)

    def more(number: int) -> Round:
        person = people[number]
        submitted(person, fund, by=sam)
        approved(ada, fund, by=sam, approvers=[tess, olga], amount=100)
        earned(person, 2500, source=f"batch:{number}")
        until = timezone.now() + timedelta(minutes=1)
        seen = services.plan_batch(fund, until, actor=sam).digest
        services.make_batch(fund, until, actor=sam, title="B", seen=seen, people=[person.pk])
        earned(person, 100, source=f"free:{number}")
        found = opened(fund, by=sam)
        mine, found = applied(found, ada), closed(found)
        left_out(mine, by=sam)
        services.decide_round(found, actor=sam)
        return opened(fund, by=sam, title=f"Open {number}", most_each=100)

    first = more(0)

    def judged(number: int) -> None:
        mine = applied(first, people[number], 100)
        closed(first)
        chosen(mine, by=sam, amount=100)
        Round.objects.filter(pk=first.pk).update(opens_at=first.opens_at, closes_at=first.closes_at)

    judged(0)
    until = (timezone.now() + timedelta(minutes=9)).strftime("%Y-%m-%dT%H:%M")
    paths = [
        (ada, "/grants/"),
        (ada, "/"),
        (tess, reverse("staff_awards")),
        (tess, reverse("staff_batches")),
        (tess, reverse("staff_rounds")),
        (tess, reverse("staff_round", args=[first.pk])),
        (tess, reverse("today")),
    ]

    def counted() -> list[int]:
        found = []
        for who, path in paths:
            client = client_of(who)
            with CaptureQueriesContext(connection) as seen:
                assert client.get(path).status_code == 200
            found.append(len(seen))
        [panel] = [one for one in panels_of("home") if one.name == "grants"]
        with CaptureQueriesContext(connection) as seen:
            render_to_string(panel.template, {"part": panel.fill(ada)})
        found.append(len(seen))
        client = client_of(tess)
        with CaptureQueriesContext(connection) as seen:
            assert (
                client.post(reverse("staff_batch_new"), {"fund": fund.pk, "until": until, "act": "look"}).status_code
                == 200
            )
        return [*found, len(seen)]

    before = counted()
    for number in (1, 2):
        more(number)
        judged(number) if number == 1 else applied(first, people[number], 100)
    assert counted() == before
