"""Pages of open letters: who reads what, what is typed is harmless, and the public needs no cookie."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from artists.feedback.letters.services import answer_letter, take_back_signature
from artists.feedback.models import Cosignature, OpenLetter
from artists.people.models import Person
from portal.panels import panels_of
from portal.program.letters import promise_letters
from portal.program.models import Cohort
from portal.program.reach import Target
from portal.program.states import Scope
from portal.program.suspending import suspend
from tests.factories.letters import TEXT, published, seeking, signed, written
from tests.factories.people import artist_in
from tests.portal.api.test_api import Caller

ClientOf = Callable[[Person], Client]
HOSTILE = (
    "<script>alert(1)</script> <img src=x onerror=alert(1)> [a](javascript:alert(1)) ![b](https://x.example/p.png) =1+1"
)


def page(client: Client, name: str, *args: object) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def test_letter_from_the_first_word_to_the_answer_of_the_program(
    ada: Person, ben: Person, sam: Person, client_of: ClientOf
) -> None:
    promise_letters(1, actor=sam)
    writer, signer, staff, public = client_of(ada), client_of(ben), client_of(sam), Client()
    sent = writer.post(reverse("letter_new"), {"title": "To the program", "text": TEXT, "shown_as": "name"})
    letter = OpenLetter.objects.get()
    url = reverse("open_letter", args=[letter.slug])
    assert (sent["Location"], letter.slug.startswith("to-the-program-")) == (url, True)
    assert [client.get(url).status_code for client in (writer, signer, staff, public)] == [200, 404, 404, 404]
    assert writer.post(reverse("letter_open", args=[letter.slug])).status_code == 302
    assert [client.get(url).status_code for client in (writer, signer, staff, public)] == [200, 200, 404, 404]
    assert "To the program" in page(signer, "open_letters")
    digest = letter.text_digest
    signed_now = signer.post(
        reverse("letter_sign", args=[letter.slug]), {"shown_as": "name", "digest": digest}, follow=True
    )
    assert "with your signature it is public" in signed_now.content.decode()
    shown = page(public, "open_letter", letter.slug)
    assert ("<em>not</em>" in shown, "Ben" in shown, digest in shown, "<form" in shown) == (True, True, True, False)
    answered = staff.post(reverse("letter_answer", args=[letter.slug]), {"text": "We **read** it."}, follow=True)
    assert "<strong>read</strong>" in answered.content.decode()
    assert "<strong>read</strong>" in page(public, "open_letter", letter.slug)


def test_public_pages_set_no_cookie_and_are_never_kept(ada: Person, ben: Person, sam: Person) -> None:
    letter = published(ada, ben, staff=sam)
    for path in (reverse("open_letters"), reverse("open_letter", args=[letter.slug])):
        answer = Client().get(path)
        assert (answer.status_code, dict(answer.cookies), "no-store" in answer["Cache-Control"]) == (200, {}, True)
        assert "<form" not in answer.content.decode()


def test_hostile_words_are_shown_and_never_run(ada: Person, ben: Person, sam: Person, client_of: ClientOf) -> None:
    Person.objects.filter(pk=ben.pk).update(credit_name=HOSTILE[:120])
    promise_letters(1, actor=sam)
    letter = seeking(ada, title=HOSTILE, text=f"# {HOSTILE}\n\n{HOSTILE}")
    signed(letter, Person.objects.get(pk=ben.pk), shown_as="credit")
    answer_letter(letter, actor=sam, text=HOSTILE)
    seeking(ada, title=HOSTILE, text=HOSTILE)
    texts = [
        page(Client(), "open_letters"), page(Client(), "open_letter", letter.slug), page(client_of(ada), "open_letters"),
        page(client_of(sam), "staff_letters"), page(client_of(ben), "inbox"), page(client_of(sam), "open_letter", letter.slug),
    ]  # fmt: skip
    found = [
        ("<script>alert" in text, "<img src=x" in text, 'href="javascript' in text, "<img" in text) for text in texts
    ]
    assert found == [(False, False, False, False)] * len(texts)


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"title": ""}, "This field is required."),
        ({"title": "   "}, "This field is required."),
        ({"title": "x" * 161}, "at most 160 characters"),
        ({"text": "x" * 20_001}, "at most 20000 characters"),
        ({"shown_as": "credit"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_is_kept(
    ada: Person, client_of: ClientOf, more: dict[str, str], says: str
) -> None:
    typed = {"title": "Kept title", "text": "Kept words.", "shown_as": "name"} | more
    answer = client_of(ada).post(reverse("letter_new"), typed)
    text = answer.content.decode()
    kept = ("Kept title" in text) or ("Kept words." in text)
    assert (answer.status_code, says in text, kept, OpenLetter.objects.count()) == (422, True, True, 0)


def test_text_changed_under_the_reader_is_not_signed(ada: Person, ben: Person, client_of: ClientOf) -> None:
    letter = seeking(ada)
    old = letter.text_digest
    client_of(ada).post(
        reverse("letter_edit", args=[letter.slug]), {"title": "Other", "text": "Other.", "shown_as": "name"}
    )
    answer = client_of(ben).post(reverse("letter_sign", args=[letter.slug]), {"shown_as": "name", "digest": old})
    text = answer.content.decode()
    letter.refresh_from_db()
    assert (answer.status_code, "letter-changed" in text, f'value="{letter.text_digest}"' in text) == (409, True, True)
    assert Cosignature.objects.count() == 0


def test_signing_twice_and_editing_what_is_signed_are_refused_with_their_codes(
    ada: Person, ben: Person, nia: Person, client_of: ClientOf
) -> None:
    letter = seeking(ada)
    signed(letter, ben)
    url = reverse("letter_sign", args=[letter.slug])
    twice = client_of(ben).post(url, {"shown_as": "name", "digest": letter.digest})
    assert (twice.status_code, "signed-already" in twice.content.decode()) == (409, True)
    edit = client_of(ada).post(
        reverse("letter_edit", args=[letter.slug]), {"title": "x", "text": "y", "shown_as": "name"}
    )
    assert (edit.status_code, "letter-signed" in edit.content.decode()) == (409, True)
    own = client_of(ada).post(url, {"shown_as": "name", "digest": letter.digest})
    assert (own.status_code, "letter-own" in own.content.decode()) == (409, True)


def test_credit_name_is_offered_and_stands_where_it_was_chosen(
    ada: Person, ben: Person, sam: Person, client_of: ClientOf
) -> None:
    Person.objects.filter(pk=ben.pk).update(credit_name="B. of the Harbour")
    letter = published(ada, artist_in(ada.membership.cohort, "Tove"), staff=sam)
    client = client_of(Person.objects.get(pk=ben.pk))
    assert "B. of the Harbour" in page(client, "open_letter", letter.slug)
    client.post(reverse("letter_sign", args=[letter.slug]), {"shown_as": "credit", "digest": letter.digest})
    names = page(Client(), "open_letter", letter.slug)
    assert ("B. of the Harbour" in names, "<li>Ben</li>" in names) == (True, False)


def test_name_taken_back_leaves_the_page_and_is_counted_there(
    ada: Person, ben: Person, nia: Person, sam: Person, client_of: ClientOf
) -> None:
    letter = published(ada, ben, nia, staff=sam)
    client = client_of(ben)
    assert "Take my name back" in page(client, "open_letter", letter.slug)
    client.post(reverse("letter_take_back", args=[letter.slug]))
    names = page(Client(), "open_letter", letter.slug)
    assert ("Ben" in names, "One signature was taken back on" in names, "Nia" in names) == (False, True, True)
    mine = page(client, "open_letter", letter.slug)
    assert ("it does not come back" in mine, "Take my name back" in mine) == (True, False)
    again = client.post(reverse("letter_sign", args=[letter.slug]), {"shown_as": "name", "digest": letter.digest})
    assert (again.status_code, "signature-gone" in again.content.decode()) == (409, True)


def test_suspended_artist_signs_on_the_page(ada: Person, ben: Person, sam: Person, client_of: ClientOf) -> None:
    letter = seeking(ada)
    suspend(Target(Scope.PROGRAM), actor=sam, reason="Everything stops.")
    answer = client_of(ben).post(
        reverse("letter_sign", args=[letter.slug]), {"shown_as": "name", "digest": letter.text_digest}
    )
    assert (answer.status_code, Cosignature.objects.count()) == (302, 1)


def test_staff_have_no_address_that_changes_a_letter(
    ada: Person, ben: Person, sam: Person, olga: Person, client_of: ClientOf
) -> None:
    letter = published(ada, ben, staff=sam)
    for who in (sam, olga):
        client = client_of(who)
        answers = [
            client.post(
                reverse(name, args=[letter.slug]),
                {"title": "x", "text": "x", "shown_as": "name", "digest": letter.digest},
            ).status_code
            for name in ("letter_edit", "letter_open", "letter_withdraw", "letter_sign", "letter_take_back")
        ]
        assert answers == [403, 403, 403, 403, 302]
    letter.refresh_from_db()
    assert (letter.title, letter.state, Cosignature.objects.filter(state="signed").count()) == (
        "To the program",
        "public",
        1,
    )


def test_staff_promise_a_number_that_everybody_reads(ada: Person, sam: Person, client_of: ClientOf) -> None:
    client, url = client_of(sam), reverse("staff_letters")
    assert [client.post(url, {"number": number}).status_code for number in ("0", "1001", "many", "")] == [422] * 4
    assert client.post(url, {"number": "7"}).status_code == 302
    assert "With 7 signatures a letter is public at once" in page(Client(), "open_letters")
    assert client_of(ada).post(url, {"number": "1"}).status_code == 403


def test_today_says_what_is_not_answered_and_leaving_says_what_stays(
    ada: Person, ben: Person, sam: Person, client_of: ClientOf
) -> None:
    letter = published(ada, ben, staff=sam)
    kept = {one.name: one.fill for one in panels_of("leave")}["letters"]
    assert [bool(kept(who)) for who in (ada, ben)] == [True, True]
    assert "public and not answered" in page(client_of(sam), "today")
    take_back_signature(letter.signatures.get(), actor=ben)
    assert [bool(kept(who)) for who in (ada, ben)] == [True, False]
    answer_letter(letter, actor=sam, text="We read it.")
    assert "public and not answered" not in page(client_of(sam), "today")


@pytest.mark.parametrize("who", ["public", "artist", "staff"])
def test_lists_take_as_many_queries_for_thirty_as_for_one(
    who: str, cohort_a: Cohort, ada: Person, ben: Person, sam: Person, client_of: ClientOf
) -> None:
    client = {"public": Client(), "artist": client_of(ben), "staff": client_of(sam)}[who]
    name = "staff_letters" if who == "staff" else "open_letters"
    promise_letters(1, actor=sam)
    authors = [artist_in(cohort_a, f"Author{number}") for number in range(12)]
    counts = []
    for number in (1, 3, 30):
        while OpenLetter.objects.filter(state="public").count() < number:
            signed(seeking(ada), ben)
        while OpenLetter.objects.filter(state="seeking").count() < number:
            seeking(authors[OpenLetter.objects.filter(state="seeking").count() // 3])
        page(client, name)
        with CaptureQueriesContext(connection) as asked:
            page(client, name)
        counts.append(len(asked))
    assert len(set(counts)) == 1, counts


def test_letter_takes_as_many_queries_for_thirty_signatures_as_for_one(
    cohort_a: Cohort, ada: Person, ben: Person, sam: Person
) -> None:
    letter, client, counts = published(ada, ben, staff=sam), Client(), []
    for number in (1, 3, 30):
        while letter.signatures.count() < number:
            signed(letter, artist_in(cohort_a, f"Artist{letter.signatures.count()}"))
            answer_letter(letter, actor=sam, text="We read it.")
        with CaptureQueriesContext(connection) as asked:
            page(client, "open_letter", letter.slug)
        counts.append(len(asked))
    assert len(set(counts)) == 1, counts


def test_order_is_that_of_publication_and_no_parameter_changes_it(ada: Person, ben: Person, sam: Person) -> None:
    letters = [published(ada, ben, staff=sam, title=f"Letter {number}") for number in range(3)]
    for query in ("", "?order=title", "?sort=-signed", "?page=1"):
        text = Client().get(reverse("open_letters") + query).content.decode()
        places = [text.index(one.title) for one in letters]
        assert places == sorted(places, reverse=True)


def test_api_reads_public_letters_only(ada: Person, ben: Person, sam: Person) -> None:
    letter = published(ada, ben, staff=sam)
    hidden = written(ada)
    caller = Caller(ben)
    said = caller.get("/letters").json()
    assert [(one["slug"], one["number"], one["signatures"], one["author"]) for one in said["items"]] == [
        (letter.slug, 1, 1, "Ada")
    ]
    assert (
        caller.get(f"/letters/{letter.slug}").json()["digest"],
        caller.get(f"/letters/{hidden.slug}").status_code,
    ) == (letter.digest, 404)
