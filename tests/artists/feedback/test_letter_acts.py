"""Open letters: written by artists, fixed by the first signature, public by the promised one, and then beyond everybody."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from artists.feedback.letters.queries import (
    artists_of_the_program,
    letters_seeking,
    letters_visible_to,
    letters_written_by,
    public_letters,
    signatures_shown,
    taken_back_since,
)
from artists.feedback.letters.services import (
    answer_letter,
    edit_letter,
    open_letter,
    sign_letter,
    take_back_signature,
    withdraw_letter,
    write_letter,
)
from artists.feedback.models import Cosignature, LetterAnswer, OpenLetter
from artists.people.looks import Viewer
from artists.people.models import Look, Person
from artists.people.roles import Role
from artists.people.services import grant_role
from portal.access import check, table
from portal.audit.models import Entry
from portal.happenings import delivery
from portal.notices.models import Letter, Notice
from portal.panels import status
from portal.program.letters import promise_letters
from portal.program.models import Cohort
from portal.program.reach import Target
from portal.program.states import Scope
from portal.program.suspending import suspend
from tests.factories.letters import TEXT, published, seeking, signed, written
from tests.factories.people import SETUP, artist_in
from tests.factories.refusals import code_of
from tests.factories.together import at_once


def told(person: Person, kind: str) -> int:
    delivery.sweep()
    return Notice.objects.filter(person=person, kind=f"letters.{kind}").count()


def refused_by_database(act: Callable[[], object]) -> bool:
    """Whether the database refuses it."""
    try:
        with transaction.atomic():
            act()
    except DatabaseError:
        return True
    return False


def raw(sql: str) -> Callable[[], object]:
    """The statement as somebody types it into the database."""

    def run() -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql)

    return run


@pytest.mark.parametrize(
    ("title", "text", "shown_as", "code"),
    [
        (" ", TEXT, "name", "letter-empty"),
        ("To you", " \n ", "name", "letter-empty"),
        ("x" * 161, TEXT, "name", "text-long"),
        ("To you", "x" * 20_001, "name", "text-long"),
        ("To you", TEXT, "anonymous", "shown-as-unknown"),
    ],
)
def test_letter_needs_its_words(ada: Person, title: str, text: str, shown_as: str, code: str) -> None:
    assert code_of(lambda: write_letter(title, text, shown_as=shown_as, actor=ada)) == code
    assert OpenLetter.objects.count() == 0


def test_only_artists_write_and_sign(ada: Person, ben: Person, rhea: Person, sam: Person, olga: Person) -> None:
    assert [code_of(lambda who=who: written(who)) for who in (rhea, sam, olga)] == ["role"] * 3
    letter = seeking(ada)
    digest = letter.text_digest
    codes = [
        code_of(lambda who=who: sign_letter(letter, actor=who, shown_as="name", read_digest=digest))
        for who in (rhea, sam, olga, ada)
    ]
    assert codes == ["role", "role", "role", "letter-own"]


def test_staff_who_make_films_too_are_not_among_artists(ada: Person, ben: Person, sam: Person) -> None:
    promise_letters(2, actor=sam)
    letter = seeking(ada)
    grant_role(sam, Role.ARTIST, actor=SETUP)
    both = Person.objects.get(pk=sam.pk)
    assert [code_of(act) for act in (lambda: written(both), lambda: signed(letter, both))] == ["letter-staff"] * 2
    assert (letters_visible_to(both).count(), letters_seeking(both).count(), both in artists_of_the_program()) == (
        0, 0, False,
    )  # fmt: skip
    assert (letters_visible_to(ben).count(), ben in artists_of_the_program()) == (1, True)


def test_suspended_artist_writes_signs_and_takes_back(ada: Person, ben: Person, sam: Person) -> None:
    promise_letters(2, actor=sam)
    for person in (ada, ben):
        suspend(Target(Scope.ARTIST, artist=person), actor=sam, reason="A look at something.")
    letter = seeking(ada)
    name = signed(letter, ben)[0]
    assert take_back_signature(name, actor=ben)
    assert [one.name for one in signatures_shown(letter)] == []


def test_draft_is_its_authors_alone_and_a_seeking_letter_is_among_artists(
    ada: Person, ben: Person, nia: Person, rhea: Person, sam: Person, olga: Person
) -> None:
    promise_letters(1, actor=sam)
    draft = written(ada)
    everybody = (ada, ben, nia, rhea, sam, olga)
    assert [draft in letters_visible_to(who) for who in everybody] == [True, False, False, False, False, False]
    assert code_of(lambda: sign_letter(draft, actor=ben, shown_as="name", read_digest=draft.text_digest)) == "not-found"
    assert code_of(lambda: open_letter(draft, actor=ben)) == "not-found"
    open_letter(draft, actor=ada)
    assert [draft in letters_visible_to(who) for who in everybody] == [True, True, True, False, False, False]
    signed(draft, ben)
    assert [draft in letters_visible_to(who) for who in everybody] == [True] * 6


def test_text_may_change_until_the_first_signature_and_never_after(
    ada: Person, ben: Person, nia: Person, sam: Person
) -> None:
    promise_letters(2, actor=sam)
    letter = seeking(ada)
    before = letter.text_digest
    assert code_of(lambda: edit_letter(letter, "x", "y", shown_as="name", actor=ben)) == "not-found"
    letter = edit_letter(letter, "To the program, again", TEXT, shown_as="name", actor=ada)
    assert code_of(lambda: sign_letter(letter, actor=ben, shown_as="name", read_digest=before)) == "letter-changed"
    name = signed(letter, ben)[0]
    assert (letter.digest, name.digest) == (letter.text_digest, letter.text_digest)
    assert code_of(lambda: edit_letter(letter, "x", "y", shown_as="name", actor=ada)) == "letter-signed"
    take_back_signature(name, actor=ben)
    assert code_of(lambda: edit_letter(letter, "x", "y", shown_as="name", actor=ada)) == "letter-signed"
    assert sign_letter(letter, actor=nia, shown_as="name", read_digest=letter.digest).pk


def test_letter_signed_twice_is_refused_and_a_name_taken_back_counts_no_more(
    ada: Person, ben: Person, nia: Person, sam: Person
) -> None:
    promise_letters(2, actor=sam)
    letter = seeking(ada)
    first = signed(letter, ben)[0]
    assert code_of(lambda: signed(letter, ben)) == "signed-already"
    assert code_of(lambda: take_back_signature(first, actor=nia)) == "not-found"
    assert [take_back_signature(first, actor=ben) for _time in range(2)] == [True, False]
    signed(letter, nia)
    assert (letter.state, Cosignature.objects.count()) == ("seeking", 2)
    again = signed(letter, ben, shown_as="credit")[0]
    assert (again.pk, letter.state, letter.number) == (first.pk, "public", 1)


def test_promised_number_of_signatures_makes_it_public_at_once_and_everybody_is_told(
    cohort_a: Cohort, ada: Person, ben: Person, nia: Person, rhea: Person, sam: Person
) -> None:
    promise_letters(2, actor=sam)
    letter = seeking(ada)
    assert [told(who, "opened") for who in (ada, ben, nia, rhea, sam)] == [0, 1, 1, 0, 0]
    signed(letter, ben)
    assert not public_letters().exists()
    signed(letter, nia)
    assert (letter.state, letter.number, letter.published_at is not None) == ("public", 1, True)
    assert [told(who, "published") for who in (ada, ben, nia, rhea)] == [1, 1, 1, 0]
    assert [told(who, "desk") for who in (sam, ada)] == [1, 0]
    mails = " ".join(Letter.objects.values_list("text", flat=True))
    assert ("free testers" in mails, Notice.objects.filter(body__contains="free testers").count()) == (False, 0)
    entry = Entry.objects.get(action="letters.publish")
    assert entry.actor_label == "system: letters"
    late = artist_in(cohort_a, "Tove")
    assert (signed(letter, late)[0].name, public_letters().get().signed) == ("Tove", 3)


def test_number_promised_when_it_opened_holds_for_a_letter(ada: Person, ben: Person, nia: Person, sam: Person) -> None:
    promise_letters(1, actor=sam)
    letter, later = seeking(ada), written(ada)
    promise_letters(2, actor=sam)
    open_letter(later, actor=ada)
    signed(letter, ben)
    signed(later, ben)
    assert (letter.state, later.state) == ("public", "seeking")
    assert [code_of(lambda n=n: promise_letters(n, actor=sam)) for n in (0, -1, 1001)] == ["letters-number"] * 3
    assert [code_of(lambda who=who: promise_letters(5, actor=who)) for who in (ada,)] == ["role"]
    assert Entry.objects.filter(action="program.promise_letters").count() == 2


def test_promise_never_asks_for_more_artists_than_there_are(ada: Person, ben: Person, nia: Person, sam: Person) -> None:
    letter = seeking(ada)
    assert letter.needed == 2
    signed(letter, ben, nia)
    assert letter.is_public


@pytest.mark.django_db(transaction=True)
def test_last_signatures_at_once_publish_once_and_two_letters_get_two_numbers(
    cohort_a: Cohort, ada: Person, ben: Person, sam: Person
) -> None:
    promise_letters(2, actor=sam)
    others = [artist_in(cohort_a, f"Artist{number}") for number in range(4)]
    one, two = seeking(ada), seeking(ben)
    digests = {letter.pk: letter.text_digest for letter in (one, two)}
    letters = (one, one, one, two, two, two)
    people = (*others[:3], *others[1:])

    def sign(number: int) -> str:
        letter = letters[number]
        return sign_letter(letter, actor=people[number], shown_as="name", read_digest=digests[letter.pk]).state

    assert at_once(6, sign) == ["signed"] * 6
    assert sorted(OpenLetter.objects.values_list("state", "number")) == [("public", 1), ("public", 2)]
    assert Entry.objects.filter(action="letters.publish").count() == 2


@pytest.mark.django_db(transaction=True)
def test_signing_twice_at_once_signs_once(ada: Person, ben: Person, sam: Person) -> None:
    letter = seeking(ada)
    digest = letter.text_digest
    results = at_once(3, lambda _n: sign_letter(letter, actor=ben, shown_as="name", read_digest=digest).pk)
    assert (sum(isinstance(one, int) for one in results), Cosignature.objects.count()) == (1, 1)


def test_author_takes_it_back_before_it_is_public_and_not_after(
    ada: Person, ben: Person, nia: Person, sam: Person
) -> None:
    promise_letters(2, actor=sam)
    letter = seeking(ada)
    signed(letter, ben)
    assert code_of(lambda: withdraw_letter(letter, actor=ben)) == "not-found"
    assert withdraw_letter(letter, actor=ada)[1]
    assert (told(ben, "withdrawn"), told(nia, "withdrawn")) == (1, 0)
    assert code_of(lambda: signed(letter, nia)) == "letter-withdrawn"
    assert [letter in letters_visible_to(who) for who in (ada, ben, nia)] == [True, False, False]
    public = published(ada, ben, staff=sam)
    assert code_of(lambda: withdraw_letter(public, actor=ada)) == "letter-public"
    assert code_of(lambda: edit_letter(public, "x", "y", shown_as="name", actor=ada)) == "letter-public"


def test_name_taken_back_from_a_public_letter_goes_and_the_letter_stays(
    ada: Person, ben: Person, nia: Person, sam: Person
) -> None:
    letter = published(ada, ben, nia, staff=sam)
    name = letter.signatures.get(person=ben)
    assert take_back_signature(name, actor=ben)
    letter.refresh_from_db()
    assert (letter.state, [one.name for one in signatures_shown(letter)], taken_back_since(letter).count()) == (
        "public", ["Nia"], 1,
    )  # fmt: skip
    assert code_of(lambda: signed(letter, ben)) == "signature-gone"


def test_staff_answer_and_can_do_nothing_else(
    ada: Person, ben: Person, rhea: Person, sam: Person, olga: Person
) -> None:
    promise_letters(1, actor=sam)
    letter = seeking(ada)
    assert code_of(lambda: answer_letter(letter, actor=sam, text="Thank you.")) == "not-found"
    signed(letter, ben)
    assert [code_of(lambda text=text: answer_letter(letter, actor=sam, text=text)) for text in (" ", "x" * 20_001)] == [
        "answer-empty", "text-long",
    ]  # fmt: skip
    assert [code_of(lambda who=who: answer_letter(letter, actor=who, text="x")) for who in (ada, rhea)] == [
        "role",
        "role",
    ]
    answers = [
        answer_letter(letter, actor=sam, text="We read it."),
        answer_letter(letter, actor=olga, text="We changed it."),
    ]
    assert list(letter.answers.all()) == answers
    assert [told(who, "answered") for who in (ada, ben, rhea)] == [2, 2, 0]
    acts = [one.action for one in table() if one.subject == "letters"]
    name = letter.signatures.get()
    about = dict.fromkeys(("letters.sign_again", "letters.take_back"), name)
    assert [one for one in acts if check(one, sam, about.get(one, letter))] == ["letters.answer", "letters.oversee"]


def test_database_refuses_to_change_remove_or_reorder_a_public_letter(
    ada: Person, ben: Person, nia: Person, sam: Person
) -> None:
    letter = published(ada, ben, staff=sam)
    other = published(nia, ben, staff=sam)
    answer_letter(letter, actor=sam, text="We read it.")
    mine = OpenLetter.objects.filter(pk=letter.pk)
    names = Cosignature.objects.filter(letter=letter)
    now = timezone.now()
    tried = [
        lambda: mine.update(title="x"), lambda: mine.update(text="x"), lambda: mine.update(digest="x" * 64),
        lambda: mine.update(number=9), lambda: mine.update(number=None), lambda: mine.update(published_at=now),
        lambda: mine.update(state="withdrawn"), lambda: mine.update(state="seeking", number=None, published_at=None),
        lambda: mine.update(slug="other"), lambda: mine.update(author=nia), lambda: mine.update(name="x"),
        lambda: mine.update(needed=99), lambda: mine.update(changed_at=now),
        lambda: names.update(name="x"), lambda: names.update(shown_as="credit"), lambda: names.update(person=nia),
        lambda: names.update(letter=other), lambda: names.update(digest="x"), lambda: names.update(signed_at=now),
        lambda: Cosignature.objects.create(letter=letter, person=nia, shown_as="name", name="x", digest="y", signed_at=now),
        lambda: Cosignature.objects.create(letter=letter, person=ada, shown_as="name", name="x", digest=letter.digest, signed_at=now),
        raw("DELETE FROM feedback_cosignature"), raw("DELETE FROM feedback_letteranswer"), raw("DELETE FROM feedback_openletter"),
        raw("UPDATE feedback_openletter SET text = 'x'"), raw("UPDATE feedback_openletter SET number = number + 10"),
        raw("UPDATE feedback_letteranswer SET text = 'x'"), raw("UPDATE feedback_cosignature SET name = 'x'"),
    ]  # fmt: skip
    assert [refused_by_database(act) for act in tried] == [True] * len(tried)
    assert not refused_by_database(lambda: names.update(state="taken_back", ended_at=now))
    assert refused_by_database(lambda: names.update(state="signed", ended_at=None))
    assert list(public_letters().values_list("number", flat=True)) == [2, 1]


def test_database_refuses_to_publish_what_was_not_signed_or_to_change_what_was(
    ada: Person, ben: Person, nia: Person, sam: Person
) -> None:
    promise_letters(2, actor=sam)
    letter, draft = seeking(ada), written(ada)
    signed(letter, ben)
    mine, now = OpenLetter.objects.filter(pk=letter.pk), timezone.now()
    public = {"state": "public", "published_at": now, "number": 1}
    fields = {
        "author": ada,
        "shown_as": "name",
        "name": "Ada",
        "title": "x",
        "text": "y",
        "made_at": now,
        "changed_at": now,
    }
    tried = [
        lambda: mine.update(**public), lambda: mine.update(**public, needed=1), lambda: mine.update(needed=1),
        lambda: mine.update(text="x"), lambda: mine.update(digest=""), lambda: mine.update(state="draft"),
        lambda: OpenLetter.objects.filter(pk=draft.pk).update(**public, needed=1, digest="x"),
        lambda: OpenLetter.objects.filter(pk=draft.pk).delete(),
        lambda: OpenLetter.objects.create(**fields, slug="a", needed=1, **public),
        lambda: OpenLetter.objects.create(**fields, slug="b", needed=1, state="seeking"),
        lambda: LetterAnswer.objects.create(letter=letter, text="x", by=sam, name="Sam", at=now),
        lambda: Cosignature.objects.create(letter=draft, person=ben, shown_as="name", name="x", digest="", signed_at=now),
    ]  # fmt: skip
    assert [refused_by_database(act) for act in tried] == [True] * len(tried)


def test_letters_at_once_are_bounded(ada: Person, ben: Person) -> None:
    for _number in range(3):
        seeking(ada)
    fourth = written(ada)
    assert code_of(lambda: open_letter(fourth, actor=ada)) == "letters-many"
    for _number in range(19):
        written(ada)
    assert code_of(lambda: written(ada)) == "letters-many"
    assert written(ben).pk


def test_artist_without_a_name_is_sent_to_their_profile(ada: Person) -> None:
    Person.objects.filter(pk=ada.pk).update(name="", credit_name="")
    assert code_of(lambda: written(Person.objects.get(pk=ada.pk))) == "name-missing"


def test_status_counts_letters(ada: Person, ben: Person, sam: Person) -> None:
    published(ada, ben, staff=sam)
    seeking(ada)
    assert status()["letters"] == {"public": 1, "unanswered": 1, "seeking": 1, "signatures_promised": 1}


def test_nothing_that_staff_read_says_who_writes_or_signs_before_it_is_public(
    ada: Person, ben: Person, nia: Person, sam: Person
) -> None:
    promise_letters(2, actor=sam)
    letter = seeking(ada, title="Unheard words")
    take_back_signature(signed(letter, ben)[0], actor=ben)
    signed(letter, ben)
    edited = written(ada, title="Unheard words too")
    edit_letter(edited, "Unheard words again", TEXT, shown_as="name", actor=ada)
    withdraw_letter(edited, actor=ada)
    delivery.sweep()
    entries = Entry.objects.filter(action__startswith="letters.")
    assert {(one.actor_label, one.actor_id) for one in entries} == {("system: letters", None)}
    acts = {"letters.write", "letters.open", "letters.sign", "letters.take_back", "letters.edit", "letters.withdraw"}
    assert set(entries.values_list("action", flat=True)) == acts
    said = [*Entry.objects.values_list("body", flat=True), *Notice.objects.values_list("title", flat=True)]
    said += [*Notice.objects.values_list("url", flat=True), *Letter.objects.values_list("text", flat=True)]
    assert [one for one in said if "nheard" in one or "unheard" in one] == []


def test_staff_who_view_as_an_artist_read_no_letter_that_is_not_public(ada: Person, ben: Person, sam: Person) -> None:
    viewer = Viewer(ada, sam, Look(person=ada, by=sam))
    seeking(ben)
    written(ada)
    public = published(ada, ben, staff=sam)
    assert list(letters_visible_to(viewer)) == [public]
    assert (letters_seeking(viewer).count(), letters_written_by(viewer).count()) == (0, 0)
