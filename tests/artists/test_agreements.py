"""Agreements: a signature binds a person to the exact text they read."""

import hashlib
import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from freezegun import freeze_time
from pypdf import PdfReader

from artists.agreements.models import Agreement, AgreementVersion, Declining, Signature
from artists.agreements.paper import paper_of
from artists.agreements.queries import unsigned_by
from artists.agreements.services import (
    decline_version,
    draft_version,
    edit_draft,
    publish_version,
    set_audience,
    sign_version,
    translate,
)
from artists.agreements.texts import compare
from artists.people.models import Person
from artists.people.names import is_same_name
from generation.gate import may_generate
from generation.models import Clip
from portal.access import Refused, System
from portal.audit.models import Entry
from portal.happenings.delivery import sweep as run_sweep
from portal.notices.models import Letter, Notice
from tests.factories import people
from tests.factories.people import SETUP
from tests.factories.sharing import asked_for, released
from tests.factories.together import at_once


def refusal(version: AgreementVersion, actor: object, *, name: str = "Nia", digest: str | None = None) -> str:
    """The code with which signing is refused."""
    with pytest.raises(Refused) as refused:
        sign_version(
            version,
            actor=actor,
            typed_name=name,
            read_digest=version.digest if digest is None else digest,
            address=None,
            user_agent="",
        )
    return refused.value.decision.code


def test_signature_names_the_digest_of_the_text(nia: Person, agreement: AgreementVersion) -> None:
    signature = people.sign(nia, agreement)
    assert (signature.digest, signature.typed_name) == (agreement.text_digest, "Nia")


def test_signature_twice_is_once(nia: Person, agreement: AgreementVersion) -> None:
    first, second = people.sign(nia, agreement), people.sign(nia, agreement)
    assert (first.pk, Signature.objects.filter(person=nia).count()) == (second.pk, 1)


@pytest.mark.parametrize("name", ["", "  \n"])
def test_signature_with_a_blank_name_is_refused(nia: Person, agreement: AgreementVersion, name: str) -> None:
    assert (refusal(agreement, nia, name=name), Signature.objects.count()) == ("signature-name", 0)


def test_signature_of_a_text_changed_while_reading_is_refused(nia: Person, agreement: AgreementVersion) -> None:
    newer = people.published_agreement("# Terms\n\nChanged.")
    assert refusal(newer, nia, digest=agreement.digest) == "agreement-changed"
    assert refusal(agreement, nia) == "agreement-not-in-force"
    assert Signature.objects.count() == 0


def test_signature_by_a_machine_or_by_somebody_else_is_refused(agreement: AgreementVersion, rhea: Person) -> None:
    assert (refusal(agreement, System("tests")), refusal(agreement, rhea)) == ("sign-in", "role")


@pytest.mark.parametrize(
    ("typed", "known", "same"),
    [
        ("Ada Moreau", "Ada Moreau", True),
        ("  ada   MOREAU ", "Ada Moreau", True),
        ("Moreau, Ada", "Ada Moreau", True),
        ("Zoe Muller", "Zoë Müller", True),
        ("A. Moreau", "Ada Moreau", True),
        ("Ada Maria Moreau", "Ada Moreau", True),
        ("Ada", "Ada Moreau", True),
        ("陳 大文", "陳 大文", True),
        ("Ben Castell", "Ada Moreau", False),
        ("Ada Castell", "Ada Moreau", False),
        ("A", "Ada Moreau", False),
        ("...", "Ada Moreau", False),
        ("x", "", True),
    ],
)
def test_name_is_compared_as_people_write_names(typed: str, known: str, same: bool) -> None:
    assert is_same_name(typed, known) is same


def test_signature_under_another_name_is_refused(nia: Person, agreement: AgreementVersion) -> None:
    assert (refusal(agreement, nia, name="Ben"), Signature.objects.count()) == ("signature-name-other", 0)


def test_signature_keeps_how_it_was_given_and_its_paper(
    nia: Person, agreement: AgreementVersion, client_of: Callable[[Person], Client]
) -> None:
    client = client_of(nia)
    form = {"typed_name": "nia", "digest": agreement.digest}
    page = client.post(f"/agreement/{agreement.pk}/sign/", form, headers={"User-Agent": "Test browser"})
    run_sweep()
    signature = Signature.objects.get(person=nia)
    assert (page.status_code, page["Location"]) == (302, f"/agreement/signed/{signature.pk}/")
    kept = (signature.typed_name, signature.digest, signature.language, signature.method)
    assert kept == ("nia", agreement.text_digest, "en", "typed-name")
    assert (signature.address, signature.user_agent) == ("127.0.0.1", "Test browser")
    printed = client.get(f"/agreement/signed/{signature.pk}/paper/")
    data = b"".join(printed.streaming_content) if printed.streaming else printed.content
    assert (printed.status_code, data[:5], hashlib.sha256(data).hexdigest()) == (
        200,
        b"%PDF-",
        signature.paper.sha256,
    )
    assert data == paper_of(signature)
    assert signature.paper.sha256 in client.get(f"/agreement/signed/{signature.pk}/").content.decode()
    letter = Letter.objects.get(to=nia.email)
    assert (f"/agreement/signed/{signature.pk}/" in letter.text, agreement.text in letter.text) == (True, False)


def test_paper_carries_text_name_and_digest(nia: Person) -> None:
    text = "# Terms\n\nYour **films** are <b>yours</b>.\n\n1. One\n2. Two\n   - Zoë & Ωmega\n\n> Said.\n\n```\ncode < 1\n```\n\n---\n"
    version = people.published_agreement(text)
    read = PdfReader(io.BytesIO(paper_of(people.sign(nia, version))))
    said = " ".join(" ".join(page.extract_text() for page in read.pages).split())
    wanted = ("Your films are <b>yours</b>.", "1. One", "Zoë & Ωmega", "code < 1", "Signed by: Nia", version.digest)
    assert [words in said for words in wanted] == [True] * len(wanted)


def test_paper_of_somebody_else_is_not_there(ada: Person, ben: Person, client_of: Callable[[Person], Client]) -> None:
    run_sweep()
    pk = Signature.objects.get(person=ada).pk
    paths = (f"/agreement/signed/{pk}/", f"/agreement/signed/{pk}/paper/")
    assert [client_of(ben).get(path).status_code for path in paths] == [404, 404]


def newer(
    text: str = "# Terms\n\nYour films are yours, always.",
    *,
    at: timedelta | None = None,
    grace: timedelta | None = None,
) -> AgreementVersion:
    """One more version of the agreement, in force in `at` from now, the former one holding for `grace` from now."""
    now = timezone.now()
    draft = draft_version("early-access", "Early access agreement", summary="Yours.", text=text, actor=SETUP)
    start = None if at is None else now + at
    return publish_version(draft, actor=SETUP, at=start, grace_until=None if grace is None else now + grace)


DAY = timedelta(days=1)


def test_new_version_closes_the_gate_at_the_end_of_its_grace(ada: Person) -> None:
    newer(grace=10 * DAY)
    assert may_generate(ada).allowed
    with freeze_time(timezone.now() + 11 * DAY):
        assert may_generate(ada).code == "agreement-outdated"


def test_new_version_without_grace_closes_the_gate_at_once(ada: Person) -> None:
    newer()
    assert may_generate(ada).code == "agreement-outdated"


def test_newer_version_with_a_long_grace_does_not_lengthen_the_former_one(ada: Person) -> None:
    newer(grace=DAY)
    with freeze_time(timezone.now() + 2 * DAY):
        newer("# Terms\n\nThird.", grace=30 * DAY)
        assert may_generate(ada).code == "agreement-outdated"


def test_new_version_has_no_grace_for_who_never_signed(nia: Person, agreement: AgreementVersion) -> None:
    newer(grace=10 * DAY)
    assert may_generate(nia).code == "agreement-unsigned"


def test_announced_version_can_be_accepted_before_its_date_and_binds_from_then(ada: Person, nia: Person) -> None:
    version = newer(at=5 * DAY)
    assert [one.pk for one in unsigned_by(ada)] == [version.pk]
    assert [one.number for one in unsigned_by(nia)] == [1]
    people.sign(ada, version)
    with freeze_time(timezone.now() + 6 * DAY):
        assert (may_generate(ada).allowed, [one.pk for one in unsigned_by(ada)]) == (True, [])


def test_declining_keeps_the_former_text_until_its_end_and_everything_made(
    ada: Person, rhea: Person, clip_of: Callable[..., Clip], client_of: Callable[[Person], Client]
) -> None:
    clip = clip_of(ada)
    release = released(asked_for(clip), rhea)
    version = newer(grace=10 * DAY)
    client = client_of(ada)
    client.post(f"/agreement/{version.pk}/decline/", {"reason": " Not this. "})
    assert [(one.reason, one.version_id) for one in Declining.objects.all()] == [("Not this.", version.pk)]
    assert (may_generate(ada).allowed, unsigned_by(ada).count()) == (True, 0)
    with freeze_time(timezone.now() + 11 * DAY):
        late = client_of(ada)
        assert may_generate(ada).code == "agreement-outdated"
        paths = (f"/library/{clip.pk}/", f"/library/{clip.pk}/download/", f"/w/{release.slug}/", "/agreement/")
        assert [late.get(path).status_code for path in paths] == [200, 200, 200, 200]
    people.sign(ada, version)
    assert (Declining.objects.count(), may_generate(ada).allowed) == (0, True)


def test_declining_what_was_signed_is_refused(ada: Person, agreement: AgreementVersion) -> None:
    with pytest.raises(Refused) as refused:
        decline_version(agreement, actor=ada)
    assert refused.value.decision.code == "agreement-signed"


def test_page_compares_with_the_version_this_person_signed(
    ada: Person, ben: Person, client_of: Callable[[Person], Client]
) -> None:
    second = newer("# Terms\n\nYour films are ours.\n\nNew part.")
    people.sign(ben, second)
    newer("# Terms\n\nYour films are yours again.\n\nNew part.")
    mine = client_of(ada).get("/agreement/").context["documents"][0]
    other = client_of(ben).get("/agreement/").context["documents"][0]
    assert [document["former"].version.number for document in (mine, other)] == [1, 2]
    changed = [[(str(pair.before), str(pair.after)) for pair in one["pairs"] if not pair.same] for one in (mine, other)]
    assert changed == [
        [("Your films are <del>yours.</del>", "Your films are <ins>yours again.</ins>"), ("", "<ins>New part.</ins>")],
        [("Your films are <del>ours.</del>", "Your films are <ins>yours again.</ins>")],
    ]


def test_comparison_writes_no_tags_of_the_text() -> None:
    pairs = compare("A <script>x</script> b", "A <script>y</script> b")
    assert [(str(pair.before), str(pair.after)) for pair in pairs] == [
        (
            "A <del>&lt;script&gt;x&lt;/script&gt;</del> b",
            "A <ins>&lt;script&gt;y&lt;/script&gt;</ins> b",
        )
    ]


def test_text_in_another_language_is_signed_by_its_own_digest(
    nia: Person, agreement: AgreementVersion, client_of: Callable[[Person], Client]
) -> None:
    draft = draft_version("early-access", "Early access agreement", summary="Yours.", text="Yours.", actor=SETUP)
    translated = translate(draft, "de", title="Vereinbarung", summary="Deins.", text="Deine Filme.", actor=SETUP)
    version = publish_version(draft, actor=SETUP)
    client = client_of(nia)
    page = client.get("/agreement/?language=de")
    assert page.context["documents"][0]["reading"].digest == translated.digest
    client.post(f"/agreement/{version.pk}/sign/", {"typed_name": "Nia", "digest": translated.digest})
    signature = Signature.objects.get(person=nia)
    assert (signature.language, signature.digest) == ("de", translated.digest)
    assert b"Deine Filme." in client.get(f"/agreement/signed/{signature.pk}/").content


def test_agreement_of_another_cohort_is_not_asked(ada: Person, ben: Person) -> None:
    version = publish_version(draft_version("nda", "NDA", summary="Quiet.", text="Quiet.", actor=SETUP), actor=SETUP)
    set_audience(version.agreement, [ben.membership.cohort], actor=SETUP)
    assert [may_generate(person).code for person in (ada, ben)] == ["", "agreement-unsigned"]
    assert [unsigned_by(person).count() for person in (ada, ben)] == [0, 1]


@pytest.mark.parametrize(
    ("text", "summary", "at", "grace", "code"),
    [
        ("", "Yours.", None, None, "agreement-empty"),
        (" \n", "Yours.", None, None, "agreement-empty"),
        ("Text.", " \n", None, None, "agreement-empty"),
        ("Text.", "Yours.", -DAY, None, "date-past"),
        ("Text.", "Yours.", 2 * DAY, DAY, "grace-before-force"),
        ("Text.", "Yours.", None, -DAY, "grace-before-force"),
    ],
)
def test_publish_what_cannot_bind_is_refused(  # noqa: PLR0913 - the table
    db: None, text: str, summary: str, at: timedelta | None, grace: timedelta | None, code: str
) -> None:
    draft = draft_version("terms", "Terms", summary=summary, text=text, actor=SETUP)
    now = timezone.now()
    with pytest.raises(Refused) as refused:
        publish_version(
            draft,
            actor=SETUP,
            at=None if at is None else now + at,
            grace_until=None if grace is None else now + grace,
        )
    draft.refresh_from_db()
    assert (refused.value.decision.code, draft.state, draft.digest) == (code, "draft", "")


def test_published_text_and_its_translations_never_change(agreement: AgreementVersion) -> None:
    with pytest.raises(Refused) as edited:
        edit_draft(agreement, actor=SETUP, text="Other.")
    with pytest.raises(Refused) as translated:
        translate(agreement, "de", title="x", summary="x", text="x", actor=SETUP)
    codes = {one.value.decision.code for one in (edited, translated)}
    agreement.refresh_from_db()
    assert (codes, agreement.text_digest) == ({"agreement-published"}, agreement.digest)


def test_draft_changed_while_it_was_read_is_not_published_unseen(db: None) -> None:
    draft = draft_version("terms", "Terms", summary="Yours.", text="One.", actor=SETUP)
    edit_draft(draft, actor=SETUP, text="Two.")
    with pytest.raises(Refused) as refused:
        publish_version(draft, actor=SETUP)
    assert refused.value.decision.code == "draft-changed"


def test_second_draft_of_a_document_is_refused(db: None) -> None:
    draft_version("terms", "Terms", summary="Yours.", text="One.", actor=SETUP)
    with pytest.raises(Refused) as refused:
        draft_version("terms", "Terms", summary="Yours.", text="Two.", actor=SETUP)
    assert refused.value.decision.code == "draft-exists"


@pytest.mark.parametrize(("days", "over"), [(0, False), (1, True)])
def test_confidentiality_is_warned_of_until_its_last_day_and_then_said_to_be_over(
    nia: Person, client_of: Callable[[Person], Client], days: int, over: bool
) -> None:
    day = timezone.now().date() + 3 * DAY
    draft = draft_version("nda", "NDA", summary="Quiet.", text="Quiet.", actor=SETUP, confidential_until=day)
    people.sign(nia, publish_version(draft, actor=SETUP))
    with freeze_time(timezone.now() + 3 * DAY + days * DAY):
        page = client_of(nia).get("/agreement/").content.decode()
    said = [words in page for words in ("Confidential until", "Confidentiality ended on", "You may speak about")]
    assert said == ([False, True, True] if over else [True, False, False])


def test_everybody_bound_hears_of_a_new_version_and_nobody_else(ada: Person, nia: Person, sam: Person) -> None:
    Notice.objects.all().delete()
    newer(grace=10 * DAY)
    run_sweep()
    told = Notice.objects.filter(kind="agreements.published").values_list("person__name", flat=True)
    assert list(told) == ["Ada"]


STAFF = "/staff/agreements/"


def test_staff_write_compare_translate_and_publish(
    ada: Person, sam: Person, client_of: Callable[[Person], Client]
) -> None:
    client = client_of(sam)
    form = {"language": "en", "summary": "Yours.\r\nAlways.", "text": "# Terms\r\n\r\nNew.", "confidential_until": ""}
    made = client.post(f"{STAFF}early-access/draft/", form)
    draft = AgreementVersion.objects.get(state="draft")
    assert (made["Location"], draft.text) == (f"{STAFF}versions/{draft.pk}/", "# Terms\n\nNew.")
    page = client.get(made["Location"])
    assert [pair.same for pair in page.context["pairs"]] == [True, False]
    translation = {"language": "de", "title": "T", "summary": "S", "text": "X"}
    assert client.post(f"{STAFF}versions/{draft.pk}/translate/", translation).status_code == 302
    publish = f"{STAFF}versions/{draft.pk}/publish/"
    stale = client.post(publish, {"digest": "old"})
    assert (stale.status_code, AgreementVersion.objects.filter(state="draft").count()) == (302, 1)
    past = client.post(publish, {"digest": draft.text_digest, "at": "2001-01-01T00:00"})
    assert (past.status_code, past.context["refusal"].code) == (422, "date-past")
    client.post(publish, {"digest": draft.text_digest, "grace_until": "2099-01-01T00:00"})
    draft.refresh_from_db()
    assert (draft.state, draft.grace_until.year, draft.digest) == ("published", 2099, draft.text_digest)


def test_staff_see_who_is_on_what(
    ada: Person, ben: Person, nia: Person, sam: Person, client_of: Callable[[Person], Client]
) -> None:
    version = newer(grace=DAY)
    people.sign(ben, version)
    decline_version(version, actor=ada, reason="No.")
    rows = client_of(sam).get(STAFF).context["rows"]
    assert [(row["current"], row["older"], row["none"], row["declined"]) for row in rows] == [(1, 1, 1, 1)]
    found = client_of(sam).get(f"{STAFF}early-access/").context["people"]
    said = [(one.person.name, one.signature and one.signature.version.number, bool(one.declining)) for one in found]
    assert said == [("Ada", 1, True), ("Ben", 2, False), ("Nia", None, False)]


@pytest.mark.parametrize(
    "change",
    [{"text": "  "}, {"summary": ""}, {"slug": "early-access"}, {"slug": "a b"}, {"title": ""}, {"language": "xx"}],
)
def test_document_with_bad_input_is_not_written(
    agreement: AgreementVersion, sam: Person, client_of: Callable[[Person], Client], change: dict[str, str]
) -> None:
    form = {"title": "NDA", "slug": "nda", "sort": "nda", "language": "en", "summary": "S", "text": "T"} | change
    page = client_of(sam).post(f"{STAFF}new/", form)
    assert (page.status_code, Agreement.objects.count()) == (422, 1)


@pytest.mark.django_db(transaction=True)
def test_agreement_signed_ten_times_at_once_is_signed_once(nia: Person, agreement: AgreementVersion) -> None:
    results = at_once(10, lambda _number: people.sign(nia, agreement).pk)
    assert (len(set(results)), Signature.objects.filter(person=nia).count()) == (1, 1)
    assert Entry.objects.filter(action="agreements.sign").count() == 1
