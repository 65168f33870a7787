"""Access tokens: their form, who may use them where and for what, their budget, rotation, and what the owner hears."""

import io
import json
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from freezegun import freeze_time

from artists.people.bearer import TokenActor
from artists.people.minting import ALPHABET, FORM, checksum, mint, prefix_in
from artists.people.models import AccessToken, Person
from artists.people.roles import Role
from artists.people.services import grant_role
from artists.people.states import TokenScope
from artists.people.tokens import Limits, make_token, revoke_token, rotate_token
from generation.models import Generation
from generation.queue.claim import claim
from generation.services import cancel, submit
from portal.access import Refused
from portal.notices.models import Notice
from portal.program.bearer import authenticate_bearer
from portal.program.reach import Target
from portal.program.states import Scope
from portal.program.suspending import suspend
from tests.factories import films, people
from tests.factories.together import at_once

MAKE = [TokenScope.MAKE, TokenScope.READ]
HOME = "192.0.2.7"


def made(person: Person, **limits: Any) -> tuple[AccessToken, str]:
    return make_token(
        person, "script", scopes=MAKE, days=30, limits=Limits(**({"budget_seconds": 600} | limits)), actor=person
    )


def used(secret: str, *, scope: str = TokenScope.READ, address: str | None = HOME, client: str = "curl") -> TokenActor:
    return authenticate_bearer(secret, scope=scope, address=address, client=client)


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.decision.code


def ask(token: AccessToken, **more: Any) -> Generation:
    return submit(
        films.asked("a red ball rises"),
        actor=token.person,
        model=films.MODEL,
        token=AccessToken.objects.get(pk=token.pk),
        **more,
    )


def test_a_minted_token_has_the_documented_form() -> None:
    prefix, secret = mint()
    assert (FORM.fullmatch(secret) is not None, prefix_in(secret), len(secret)) == (True, prefix, 51)


def test_checksum_is_crc32_in_base_62() -> None:
    # CRC-32 of "123456789" is 0xCBF43926 (the check value of its definition): 3421780262.
    number = sum(ALPHABET.index(letter) * 62**place for place, letter in enumerate(reversed(checksum("123456789"))))
    assert number == 0xCBF43926


@pytest.mark.parametrize("place", [4, 14, 40, 50])
def test_one_wrong_character_is_seen_without_the_database(place: int) -> None:
    _prefix, secret = mint()
    other = "A" if secret[place] != "A" else "B"
    assert refusal(lambda: used(secret[:place] + other + secret[place + 1 :])) == "token-malformed"


@pytest.mark.parametrize("bearer", ["", "vrn_", "x" * 51, "vrn_" + "é" * 47, "Bearer vrn_abc"])
def test_what_is_no_token_is_malformed(bearer: str) -> None:
    assert refusal(lambda: used(bearer)) == "token-malformed"


def test_only_a_keyed_digest_is_stored(ada: Person, settings: Any) -> None:
    token, secret = made(ada)
    stored = json.dumps(AccessToken.objects.values().get(pk=token.pk), default=str)
    assert (secret in stored, secret.rpartition("_")[2] in stored, used(secret).pk) == (False, False, ada.pk)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [settings.SECRET_KEY]
    assert used(secret).pk == ada.pk
    settings.SECRET_KEY_FALLBACKS = []
    assert refusal(lambda: used(secret)) == "token-unknown"


def test_a_token_never_carries_staff_rights(ada: Person) -> None:
    grant_role(ada, Role.STAFF, actor=people.SETUP)
    _token, secret = made(Person.objects.get(pk=ada.pk))
    actor = used(secret)
    assert (actor.holds(Role.ARTIST), actor.holds(Role.STAFF), actor.label) == (
        True, False, f"{ada.label} by token {actor.token.prefix}",
    )  # fmt: skip


def test_each_reason_has_its_code(ada: Person, sam: Person) -> None:
    codes = {}
    token, secret = made(ada)
    codes["scope"] = refusal(lambda: used(secret, scope=TokenScope.ACCOUNT))
    with freeze_time(timezone.now() + timedelta(days=30, seconds=1)):
        codes["expired"] = refusal(lambda: used(secret))
    suspend(Target(Scope.TOKEN, token=token), actor=sam, reason="A proxy page.")
    codes["suspended"] = refusal(lambda: used(secret))
    revoke_token(token, actor=ada)
    codes["revoked"] = refusal(lambda: used(secret))
    other, second = made(ada)
    Person.objects.filter(pk=ada.pk).update(is_active=False)
    codes["stopped"] = refusal(lambda: used(second))
    AccessToken.objects.filter(pk=other.pk).delete()
    codes["unknown"] = refusal(lambda: used(second))
    assert codes == {
        "scope": "token-scope",
        "expired": "token-expired",
        "suspended": "suspended-token",
        "revoked": "token-revoked",
        "stopped": "account-stopped",
        "unknown": "token-unknown",
    }


@pytest.mark.parametrize(
    ("address", "answer"),
    [
        ("192.0.2.200", ""),
        ("192.0.3.1", "token-network"),
        ("2001:db8::5", ""),
        ("2001:db9::5", "token-network"),
        (None, "token-network"),
    ],
)
def test_network_list_is_kept(ada: Person, address: str | None, answer: str) -> None:
    _token, secret = made(ada, networks=["192.0.2.0/24", "2001:db8::/32"])
    assert (refusal(lambda: used(secret, address=address)) if answer else used(secret, address=address).pk) == (
        answer or ada.pk
    )


def test_owner_is_told_of_each_new_place_once(
    ada: Person, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    token, secret = made(ada)
    with django_capture_on_commit_callbacks(execute=True):
        for address in (HOME, "192.0.2.99", "198.51.100.1", HOME, "198.51.100.2"):
            used(secret, address=address)
    told = list(Notice.objects.filter(kind="people.token").values_list("key", flat=True).order_by("pk"))
    assert told == [f"token-place:{token.pk}:192.0.2.0/24", f"token-place:{token.pk}:198.51.100.0/24"]
    token.refresh_from_db()
    assert (token.used_from, token.used_by) == ("198.51.100.2", "curl")


def test_suspended_token_stops_its_own_films_and_nothing_else(
    ada: Person, sam: Person, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    token, _secret = made(ada, at_once=2)
    by_token, by_hand = ask(token), films.submitted(ada)
    with django_capture_on_commit_callbacks(execute=True):
        suspend(Target(Scope.TOKEN, token=token), actor=sam, reason="A proxy page.")
    by_token.refresh_from_db()
    take = claim("worker", {films.MODEL})
    assert (by_token.state, by_token.state_code, refusal(lambda: ask(token))) == (
        "paused",
        "suspended-token",
        "suspended-token",
    )
    assert take is not None
    assert take.generation_id == by_hand.pk


def test_revoked_token_pauses_its_film_at_the_next_claim(ada: Person) -> None:
    token, _secret = made(ada)
    generation = ask(token)
    revoke_token(token, actor=ada)
    taken = claim("worker", {films.MODEL})
    generation.refresh_from_db()
    assert (taken, generation.state, generation.state_code) == (None, "paused", "token-revoked")


def test_budget_is_held_settled_and_given_back(ada: Person) -> None:
    token, _secret = made(ada, budget_generations=2, at_once=2)
    first, second = ask(token), ask(token)
    held = AccessToken.objects.get(pk=token.pk)
    assert (held.held_ms, held.made_generations) == (first.token_ms + second.token_ms, 2)
    assert refusal(lambda: ask(token)) == "token-at-once"
    cancel(second, actor=ada)
    films.render_waiting()
    from generation.queue.endings import assemble

    assemble(Generation.objects.get(pk=first.pk))
    after = AccessToken.objects.get(pk=token.pk)
    assert (after.held_ms, after.spent_ms, after.made_generations) == (0, first.takes.get().work_ms, 1)


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        ({"budget_generations": 1, "at_once": 5}, "token-generations"),
        ({"longest_seconds": 0.2}, "token-longest"),
        ({"largest_pixels": 10}, "token-largest"),
    ],
)
def test_limits_of_a_token_refuse_with_their_code(ada: Person, limits: dict[str, Any], code: str) -> None:
    token, _secret = made(ada, **limits)
    if code == "token-generations":
        ask(token)
    assert refusal(lambda: ask(token)) == code


def test_spent_budget_refuses_and_nothing_is_held(ada: Person) -> None:
    token, _secret = made(ada, budget_seconds=1, at_once=100, budget_generations=100)
    AccessToken.objects.filter(pk=token.pk).update(spent_ms=1000)
    with_work = Generation.objects.count()
    code = refusal(lambda: ask(token))
    assert (code, Generation.objects.count(), AccessToken.objects.get(pk=token.pk).held_ms) == (
        "token-budget",
        with_work,
        0,
    )


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_never_exceed_the_tokens_generations() -> None:
    people.opened_program()
    ada = people.artist_in(
        people.opened_cohort("first", daily_seconds=1000, at_once=100), "Ada", people.published_agreement()
    )
    token, _secret = made(ada, budget_generations=5, at_once=100)
    results = at_once(20, lambda number: ask(token))
    assert sum(isinstance(one, Generation) for one in results) == 5
    assert AccessToken.objects.get(pk=token.pk).made_generations == 5


def test_rotation_overlaps_and_shares_one_budget(ada: Person) -> None:
    old, secret = made(ada, budget_generations=2, at_once=5)
    ask(old)
    new, fresh = rotate_token(old, overlap=timedelta(hours=1), actor=ada)
    both = (used(secret).token.pk, used(fresh).token.pk)
    ask(old)
    spent = refusal(lambda: ask(new))
    again = refusal(lambda: rotate_token(old, overlap=timedelta(0), actor=ada))
    with freeze_time(timezone.now() + timedelta(hours=1, seconds=1)):
        late = refusal(lambda: used(secret))
    assert (both, spent, again, late) == ((old.pk, new.pk), "token-generations", "token-rotated", "token-expired")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": " "}, "token-name-missing"),
        ({"scopes": []}, "scope-unknown"),
        ({"scopes": ["everything"]}, "scope-unknown"),
        ({"days": 0}, "expiry-invalid"),
        ({"days": 366}, "expiry-invalid"),
        ({"limits": Limits(budget_seconds=0)}, "budget-invalid"),
        ({"limits": Limits(budget_seconds=1, networks=["here"])}, "network-unreadable"),
    ],
)
def test_bad_token_is_not_made(ada: Person, change: dict[str, Any], code: str) -> None:
    good = {"name": "script", "scopes": MAKE, "days": 30, "limits": Limits(budget_seconds=1)} | change
    name = good.pop("name")
    assert (refusal(lambda: make_token(ada, name, **good, actor=ada)), AccessToken.objects.count()) == (code, 0)


def test_nobody_makes_tokens_for_others_or_beyond_ten(ada: Person, ben: Person, rhea: Person) -> None:
    limits = Limits(budget_seconds=1)
    others = []
    for who in (ben, rhea):
        act = partial(make_token, ada, "x", scopes=MAKE, days=1, limits=limits, actor=who)
        others.append(refusal(act))
    for _each in range(10):
        made(ada)
    assert (others, refusal(lambda: made(ada))) == (["role", "role"], "token-limit")


def test_page_shows_the_secret_once(ada: Person, client_of: Callable[[Person], Client]) -> None:
    client = client_of(ada)
    fields = {
        "name": "script",
        "scopes": ["films.read"],
        "days": 3,
        "budget_seconds": 9,
        "budget_generations": 1,
        "at_once": 1,
    }
    page = client.post(reverse("tokens"), fields)
    secret = page.context["secret"]
    again = client.get(reverse("tokens"))
    assert (page.status_code, used(secret).pk, page["Cache-Control"]) == (
        200, ada.pk, "max-age=0, no-cache, no-store, must-revalidate, private",
    )  # fmt: skip
    assert [secret in one.content.decode() for one in (page, again)] == [True, False]


def test_another_artists_token_is_not_there(ada: Person, ben: Person, client_of: Callable[[Person], Client]) -> None:
    token, secret = made(ada)
    answers = [
        client_of(ben).post(reverse(name, args=[token.prefix]), {"hours": 1}).status_code
        for name in ("token_revoke", "token_rotate")
    ]
    assert (answers, used(secret).pk) == ([404, 404], ada.pk)


def run(*words: str) -> dict[str, Any]:
    out = io.StringIO()
    call_command(*words, "--json", stdout=out)
    return json.loads(out.getvalue())


def test_command_makes_lists_and_revokes(
    ada: Person, olga: Person, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        made_one = run(
            "token",
            "create",
            "--artist",
            ada.email,
            "--scopes",
            "films.make",
            "films.read",
            "--budget-seconds",
            "60",
            "--expires",
            "7",
        )
    listed = run("token", "list")["tokens"]
    assert used(made_one["token"]).pk == ada.pk
    assert ([one["prefix"] for one in listed], "token" in listed[0], Notice.objects.get().key) == (
        [made_one["prefix"]], False, f"token-made:{AccessToken.objects.get().pk}",
    )  # fmt: skip
    assert run("token", "revoke", made_one["prefix"])["state"] == "revoked"
    assert refusal(lambda: used(made_one["token"])) == "token-revoked"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (
            ("create", "--artist", "ada@example.org", "--scopes", "all", "--budget-seconds", "1", "--expires", "1"),
            "scope-unknown",
        ),
        (
            (
                "create",
                "--artist",
                "x@example.org",
                "--scopes",
                "films.read",
                "--budget-seconds",
                "1",
                "--expires",
                "1",
            ),
            "person-unknown",
        ),
        (
            (
                "create",
                "--artist",
                "rhea@example.org",
                "--scopes",
                "films.read",
                "--budget-seconds",
                "1",
                "--expires",
                "1",
            ),
            "not-an-artist",
        ),
        (("revoke", "zzzzzzzz"), "token-unknown"),
    ],
)
def test_command_refuses_with_a_code(
    ada: Person, olga: Person, rhea: Person, words: tuple[str, ...], code: str
) -> None:
    said = io.StringIO()
    with pytest.raises(SystemExit) as left:
        call_command("token", *words, stdout=io.StringIO(), stderr=said)
    assert (left.value.code, said.getvalue().partition(":")[0]) == (1, code)
