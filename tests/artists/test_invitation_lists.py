"""Lists of addresses: read as spreadsheets write them, tried before they are sent, each row with its own answer."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from artists.invitations.lists import MOST_ROWS, Terms, read_rows, read_upload, send_rows, try_rows
from artists.invitations.models import Invitation
from artists.invitations.services import invite
from artists.people.models import Person
from artists.people.roles import Role
from portal.access import Refused
from portal.audit.chain import verify
from portal.notices.models import Letter
from portal.program.models import Cohort

NEW = "/staff/invitations/new/"


def terms(cohort: Cohort | None, role: Role = Role.ARTIST) -> Terms:
    """Terms of a list."""
    return Terms(role=role, cohort=cohort, life=timedelta(days=14), message="We liked your film.")


def emails(text: str) -> list[str]:
    """The addresses read from a list."""
    return [row.email for row in read_rows(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a@x.org\nb@x.org", ["a@x.org", "b@x.org"]),
        ("a@x.org, b@x.org", ["a@x.org", "b@x.org"]),
        ("\ufeffemail;name\r\na@x.org;Ann\r\n\r\nb@x.org;Bo\r\n", ["a@x.org", "b@x.org"]),
        ("Name\tE-Mail\nAnn\ta@x.org", ["a@x.org"]),
        ('name,email\n"Moreau, Ada",a@x.org', ["a@x.org"]),
        (" a@x.org ", ["a@x.org"]),
    ],
)
def test_list_is_read_as_spreadsheets_and_people_write_it(text: str, found: list[str]) -> None:
    assert emails(text) == found


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ("email,name\na@x.org,Zoë".encode(), "Zoë"),
        ("email,name\na@x.org,Zoë".encode("utf-8-sig"), "Zoë"),
        ("email,name\na@x.org,Zoë".encode("utf-16"), "Zoë"),
        ("email;name\na@x.org;Zoë".encode("cp1252"), "Zoë"),
    ],
)
def test_upload_is_read_in_the_encodings_of_spreadsheets(data: bytes, name: str) -> None:
    assert [row.name for row in read_rows(read_upload(data))] == [name]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"x" * 1_000_001, "list-too-large"),
        (b"PK\x03\x04\x00\x00binary", "list-unreadable"),
        (b"", "list-empty"),
        (b"\n \n", "list-empty"),
        ("\n".join(f"p{n}@x.org" for n in range(MOST_ROWS + 1)).encode(), "list-too-long"),
        (b'email,name\n"a@x.org,' + b"y" * 140_000, "list-unreadable"),
    ],
)
def test_upload_that_is_no_list_is_refused_whole(data: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        read_rows(read_upload(data))
    assert refused.value.decision.code == code


def test_try_says_what_would_become_of_each_row_and_writes_nothing(
    ada: Person, sam: Person, cohort_a: Cohort, cohort_b: Cohort
) -> None:
    invite("waits@x.org", cohort=cohort_a, actor=sam)
    text = (
        "email,name,cohort,seconds\n"
        "new@x.org,New,,\n"
        "NEW@x.org,Again,,\n"
        "other@x.org,Other,second,30\n"
        "no address,,,\n"
        f"{ada.email},Ada,,\n"
        "waits@x.org,,,\n"
        "lost@x.org,,nowhere,\n"
        'x@x.org,"=HYPERLINK(""http://x"")",,\n'
        "y@x.org,,,many\n"
        "@SUM(A1),,,\n"
    )
    before = (Invitation.objects.count(), Letter.objects.count())
    codes = [row.code for row in try_rows(read_rows(text), terms(cohort_a), actor=sam)]
    assert codes == [
        "",
        "duplicate",
        "",
        "address-invalid",
        "already-here",
        "already-invited",
        "cohort-unknown",
        "cell-formula",
        "seconds-invalid",
        "cell-formula",
    ]
    assert (Invitation.objects.count(), Letter.objects.count()) == before


def test_send_invites_what_is_good_and_a_second_time_nobody(sam: Person, cohort_a: Cohort, cohort_b: Cohort) -> None:
    rows = read_rows("email,name,cohort,seconds\na@x.org,Ann,,\nb@x.org,,Second,30\nbad,,,\n")
    first = send_rows(rows, terms(cohort_a), actor=sam)
    again = send_rows(rows, terms(cohort_a), actor=sam)
    assert [row.code for row in first] == ["", "", "address-invalid"]
    assert [row.code for row in again] == ["already-invited", "already-invited", "address-invalid"]
    made = Invitation.objects.order_by("email").values_list("email", "name", "cohort__slug", "daily_seconds", "message")
    assert list(made) == [
        ("a@x.org", "Ann", "first", None, "We liked your film."),
        ("b@x.org", "", "second", 30, "We liked your film."),
    ]


def test_send_five_thousand_rows_with_three_bad_ones(sam: Person, cohort_a: Cohort) -> None:
    lines = [f"person{number}@x.org;Person {number}" for number in range(MOST_ROWS)]
    lines[10], lines[2000], lines[4999] = "broken;x", "=1+1;x", "person0@x.org;again"
    rows = read_rows(read_upload(("\ufeffemail;name\r\n" + "\r\n".join(lines)).encode()))
    done = send_rows(rows, terms(cohort_a), actor=sam)
    assert [(row.number, row.code) for row in done if not row.ok] == [
        (12, "address-invalid"),
        (2002, "cell-formula"),
        (5001, "duplicate"),
    ]
    assert (Invitation.objects.count(), Letter.objects.count(), verify().broken) == (4997, 4997, None)


def test_list_for_a_role_above_ones_own_is_refused(sam: Person) -> None:
    with pytest.raises(Refused) as refused:
        send_rows(read_rows("a@x.org"), terms(None, Role.OPERATOR), actor=sam)
    assert (refused.value.decision.code, Invitation.objects.count()) == ("role-above-yours", 0)


def test_page_shows_rows_and_letter_before_it_sends(
    sam: Person, cohort_a: Cohort, client_of: Callable[[Person], Client]
) -> None:
    client = client_of(sam)
    form = {"role": "artist", "cohort": "first", "days": "14", "message": "Hello <b>you</b>", "rows": ""}
    file = SimpleUploadedFile("list.csv", "email;name\na@x.org;Ann\nbad;x\n".encode("utf-8-sig"))
    page = client.post(NEW, {**form, "file": file})
    said = page.content.decode()
    assert (page.status_code, Invitation.objects.count()) == (200, 0)
    assert [word in said for word in ("address-invalid", "Hello &lt;b&gt;you&lt;/b&gt;", "Send 1 invitation")] == [
        True
    ] * 3
    sent = client.post(NEW, {**form, "rows": page.context["text"], "send": "yes"})
    assert (sent.status_code, [row.email for row in Invitation.objects.all()]) == (200, ["a@x.org"])


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"rows": ""}, 422),
        ({"rows": "a@x.org", "days": "0"}, 422),
        ({"rows": "a@x.org", "days": "91"}, 422),
        ({"rows": "a@x.org", "role": "operator"}, 422),
        ({"rows": "a@x.org", "cohort": "nowhere"}, 422),
        ({"rows": "a@x.org", "daily_seconds": "-1"}, 422),
        ({"rows": "a@x.org", "message": "x" * 1001}, 422),
    ],
)
def test_page_with_bad_input_sends_nothing(
    sam: Person, cohort_a: Cohort, client_of: Callable[[Person], Client], form: dict[str, str], status: int
) -> None:
    given = {"role": "artist", "cohort": "first", "days": "14", "message": "", "send": "yes"} | form
    assert (client_of(sam).post(NEW, given).status_code, Invitation.objects.count()) == (status, 0)


def test_desk_finds_sends_again_and_withdraws(
    sam: Person, cohort_a: Cohort, client_of: Callable[[Person], Client]
) -> None:
    invitation, _url = invite("a@x.org", cohort=cohort_a, actor=sam)
    client = client_of(sam)
    found = [
        [row["invitation"].pk for row in client.get(f"/staff/invitations/?{words}").context["rows"]]
        for words in ("", "state=sent", "state=expired", "q=a%40x", "q=nobody", "state=nonsense")
    ]
    assert found == [[invitation.pk], [invitation.pk], [], [invitation.pk], [], [invitation.pk]]
    here = f"/staff/invitations/{invitation.pk}/"
    client.post(f"{here}resend/")
    client.post(f"{here}withdraw/")
    client.post(f"{here}withdraw/")
    invitation.refresh_from_db()
    assert (invitation.state, invitation.letters) == ("withdrawn", 2)
