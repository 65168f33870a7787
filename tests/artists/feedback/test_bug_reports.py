"""Reporting a bug: words, film and frames, what the portal adds, the picture of the screen, the thread."""

import io
import tomllib
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from artists.feedback.bugs import context
from artists.feedback.bugs.services import write
from artists.feedback.bugs.services.reporting import MOST_A_DAY
from artists.feedback.models import BugMessage, BugReport
from artists.people.models import Person
from generation.bin import delete_clip
from generation.models import Clip, Generation
from portal.happenings.delivery import sweep
from portal.notices.models import Letter, Notice
from portal.program.reach import Target
from portal.program.states import Scope
from portal.program.suspending import suspend
from portal.storage.models import HandOut, StoredFile
from portal.version import VERSION
from tests.architecture.test_guards import ROOT
from tests.factories.bugs import WORDS, moved, reported
from tests.factories.films import picture_file
from tests.factories.refusals import code_of

ClientOf = Callable[[Person], Client]
ClipOf = Callable[..., Clip]
EXIF_PLACE = 0x8825


def sent(browser: Client, **more: Any) -> Any:
    return browser.post(reverse("bug_new"), WORDS | {"severity": "wrong"} | more)


def bomb() -> SimpleUploadedFile:
    """A few kilobytes that say they are 400 million pixels."""
    data = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(data, "PNG")
    return SimpleUploadedFile("bomb.png", data.getvalue(), content_type="image/png")


def photo_with_a_place() -> SimpleUploadedFile:
    data, exif = io.BytesIO(), Image.Exif()
    exif[0x0110] = "Telltale Camera"
    exif.get_ifd(EXIF_PLACE)[1] = "N"
    exif.get_ifd(EXIF_PLACE)[2] = (52.0, 31.0, 12.0)
    Image.new("RGB", (64, 48), (20, 60, 120)).save(data, "JPEG", exif=exif, comment=b"Telltale comment")
    return SimpleUploadedFile("photo.jpg", data.getvalue(), content_type="image/jpeg")


# What goes along.


def test_report_knows_film_model_seed_and_versions_but_no_prompt(ada: Person, clip_of: ClipOf) -> None:
    clip = clip_of(ada)
    bug = reported(ada, clip=clip, first=2, last=5, browser="Firefox")
    assert (bug.clip, bug.generation, bug.model, bug.first_frame, bug.last_frame) == (
        clip,
        clip.generation,
        "card",
        2,
        5,
    )
    known = {
        "portal": VERSION,
        "model": "card",
        "generation": str(clip.generation_id),
        "seed": "0",
        "size": f"{clip.width}x{clip.height}",
        "fps": f"{float(clip.fps):g}",
        "state": "done",
        "browser": "Firefox",
    }
    assert bug.context == known


def test_version_is_that_of_the_project() -> None:
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"] == VERSION


def test_one_frame_is_a_range_of_one(ada: Person, clip_of: ClipOf) -> None:
    bug = reported(ada, clip=clip_of(ada), last=3)
    assert (bug.first_frame, bug.last_frame) == (3, 3)


def test_shot_of_a_film_that_failed_brings_its_seed(ada: Person, generation_of: Callable[..., Generation]) -> None:
    generation = generation_of(ada, prompts=("one", "two"))
    take = generation.takes.get(position=2)
    bug = reported(ada, generation=generation, take=take, first=0, last=take.frames - 1)
    assert (bug.clip, bug.take, bug.context["shot"], bug.context["seed"]) == (None, take, 2, str(take.seed))


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"first": 5, "last": 2}, "frames-backwards"),
        ({"first": 0, "last": 10_000}, "frames-outside"),
        ({"first": -1, "last": 2}, "frames-outside"),
        ({"title": "  "}, "title-missing"),
        ({"title": "x" * 161}, "title-long"),
        ({"happened": ""}, "happened-missing"),
        ({"happened": "x" * 8001}, "happened-long"),
        ({"expected": "x" * 8001}, "expected-long"),
        ({"severity": "dreadful"}, "severity-unknown"),
    ],
)
def test_report_refuses_what_nobody_could_follow(ada: Person, clip_of: ClipOf, more: dict[str, Any], code: str) -> None:
    clip = clip_of(ada)
    assert (code_of(lambda: reported(ada, clip=clip, **more)), BugReport.objects.count()) == (code, 0)


def test_frames_need_a_film(ada: Person) -> None:
    assert code_of(lambda: reported(ada, first=1)) == "frames-without-film"


def test_film_of_somebody_else_is_not_there(ada: Person, ben: Person, clip_of: ClipOf, client_of: ClientOf) -> None:
    clip = clip_of(ada)
    assert code_of(lambda: reported(ben, clip=clip)) == "not-found"
    assert code_of(lambda: reported(ben, generation=clip.generation)) == "not-found"
    assert client_of(ben).get(reverse("bug_new"), {"clip": clip.pk}).status_code == 404
    assert sent(client_of(ben), generation=clip.generation_id).status_code == 404


def test_take_of_another_generation_is_not_there(ada: Person, generation_of: Callable[..., Generation]) -> None:
    one, other = generation_of(ada), generation_of(ada)
    assert code_of(lambda: reported(ada, generation=one, take=other.takes.get())) == "not-found"


def test_nobody_floods_the_desk(ada: Person) -> None:
    BugReport.objects.bulk_create(
        BugReport(author=ada, title="t", happened="h", made_at=reported_at) for reported_at in [reported(ada).made_at] * (MOST_A_DAY - 1)
    )  # fmt: skip
    assert code_of(lambda: reported(ada)) == "bugs-many"


def test_suspended_artist_reports_and_reads(ada: Person, sam: Person, client_of: ClientOf) -> None:
    suspend(Target(Scope.ARTIST, artist=ada), actor=sam, reason="A fault.")
    answer = sent(client_of(ada))
    assert (answer.status_code, client_of(ada).get(answer.url).status_code) == (302, 200)


@pytest.mark.parametrize(
    ("text", "kept"), [("quota-spent", "quota-spent"), ("<script>", ""), ("x" * 61, ""), ("A B", ""), ("", "")]
)
def test_code_of_an_address_is_a_code_or_nothing(text: str, kept: str) -> None:
    assert context.code_in(text) == kept


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("/library/", "/library/"),
        ("/library/?q=a+secret", "/library/"),
        ("//elsewhere.example/", ""),
        ("javascript:x", ""),
    ],
)
def test_page_of_an_address_is_a_path_of_ours_without_what_was_typed(text: str, kept: str) -> None:
    assert context.page_in(text) == kept


# The picture of the screen.


@pytest.mark.parametrize(
    ("upload", "code"),
    [
        (bomb, "reference-too-many-pixels"),
        (lambda: SimpleUploadedFile("big.png", b"\x89PNG\r\n\x1a\n" + bytes(50 * 2**20)), "reference-too-large"),
        (lambda: SimpleUploadedFile("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"), "reference-not-an-image"),
        (lambda: SimpleUploadedFile("a.png", b"<html><script>alert(1)</script></html>"), "reference-not-an-image"),
        (lambda: SimpleUploadedFile("a.png", b"GIF89a" + bytes(64)), "reference-not-an-image"),
        (lambda: SimpleUploadedFile("a.png", b"\x89PNG\r\n\x1a\n" + bytes(64)), "reference-broken"),
        (lambda: SimpleUploadedFile("none.png", b""), "empty"),
    ],
    ids=["bomb", "50 MB", "svg", "renamed page", "renamed gif", "damaged", "empty"],
)
def test_picture_that_is_none_is_refused_with_its_code_and_words_are_kept(
    ada: Person, client_of: ClientOf, upload: Callable[[], SimpleUploadedFile], code: str
) -> None:
    before = StoredFile.objects.count()
    answer = sent(client_of(ada), screenshot=upload())
    codes = [error.code for error in answer.context["form"].errors.as_data()["screenshot"]]
    assert (answer.status_code, codes, WORDS["happened"] in answer.content.decode()) == (422, [code], True)
    assert (BugReport.objects.count(), StoredFile.objects.count()) == (0, before)


def test_place_and_device_of_a_photo_are_gone(ada: Person, client_of: ClientOf) -> None:
    browser = client_of(ada)
    upload = photo_with_a_place()
    assert b"Telltale" in upload.read()
    upload.seek(0)
    sent(browser, screenshot=upload)
    bug = BugReport.objects.get()
    answer = browser.get(reverse("bug_screenshot", args=[bug.pk]))
    data = b"".join(answer.streaming_content)
    with Image.open(io.BytesIO(data)) as picture:
        assert (picture.format, picture.size, dict(picture.getexif()), picture.info) == ("PNG", (64, 48), {}, {})
    assert (b"Telltale" in data, answer["Content-Type"]) == (False, "image/png")
    assert HandOut.objects.get().purpose == "bug-screenshot"


def test_picture_and_film_are_handed_to_whom_they_are_for(
    ada: Person, ben: Person, sam: Person, rhea: Person, clip_of: ClipOf, client_of: ClientOf
) -> None:
    clip = clip_of(ada)
    bug = reported(ada, clip=clip, screenshot=picture_file())
    pages = [reverse(name, args=[bug.pk]) for name in ("bug_screenshot", "bug_film", "bug_filmstrip")]
    seen = {who.name: [client_of(who).get(page).status_code for page in pages] for who in (ada, ben, sam, rhea)}
    assert seen == {"Ada": [200, 200, 200], "Ben": [404] * 3, "Rhea": [404] * 3, "Sam": [200, 404, 404]}
    BugReport.objects.update(may_look=True)
    assert [client_of(sam).get(page).status_code for page in pages] == [200, 200, 200]


def test_deleted_film_is_shown_to_nobody_and_the_report_stays(
    ada: Person, sam: Person, clip_of: ClipOf, client_of: ClientOf
) -> None:
    clip = clip_of(ada)
    bug = reported(ada, clip=clip, may_look=True)
    delete_clip(clip, actor=ada)
    for who, page in ((ada, "bug"), (sam, "staff_bug")):
        assert client_of(who).get(reverse("bug_film", args=[bug.pk])).status_code == 410
        assert client_of(who).get(reverse(page, args=[bug.pk])).status_code == 200


def test_prompts_are_shown_to_staff_only_where_the_artist_lets_them(
    ada: Person, sam: Person, clip_of: ClipOf, client_of: ClientOf
) -> None:
    clip = clip_of(ada)
    bug = reported(ada, clip=clip)
    page = reverse("staff_bug", args=[bug.pk])
    prompt = clip.generation.snapshot["shots"][0]["prompt"]
    assert prompt not in client_of(sam).get(page).content.decode()
    BugReport.objects.update(may_look=True)
    assert prompt in client_of(sam).get(page).content.decode()


# Pages.


def test_form_comes_filled_in_from_the_film_and_from_an_error(
    ada: Person, clip_of: ClipOf, client_of: ClientOf
) -> None:
    clip, browser = clip_of(ada), client_of(ada)
    linked = f"{reverse('bug_new')}?clip={clip.pk}"
    assert linked in browser.get(reverse("clip", args=[clip.pk])).content.decode()
    page = browser.get(linked + "&first=3&last=4").content.decode()
    wanted = (f'name="clip" value="{clip.pk}"', 'value="3"', "Shot 1", "<dd><span", "optional, unpaid")
    assert [one in page for one in wanted] == [True] * len(wanted)
    assert (
        f"{reverse('bug_new')}?generation={clip.generation_id}"
        in browser.get(reverse("generation", args=[clip.generation_id])).content.decode()
    )


def test_sending_keeps_everything_that_was_filled_in(ada: Person, clip_of: ClipOf, client_of: ClientOf) -> None:
    clip = clip_of(ada)
    more = {
        "clip": clip.pk,
        "take": "1",
        "first": "2",
        "last": "4",
        "may_look": "on",
        "code": "film-broken",
        "page": "/x/",
    }
    sent(client_of(ada), **more)
    bug = BugReport.objects.get()
    assert (bug.clip, bug.take, bug.first_frame, bug.last_frame, bug.may_look) == (
        clip, clip.generation.takes.get(), 2, 4, True,
    )  # fmt: skip
    assert (bug.context["error code"], bug.context["page"]) == ("film-broken", "/x/")


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"first": "5", "last": "2"}, 422),
        ({"first": "x"}, 422),
        ({"take": "9"}, 422),
        ({"severity": "x"}, 422),
        ({"title": ""}, 422),
    ],
)
def test_wrong_form_is_shown_again_with_what_was_typed(
    ada: Person, clip_of: ClipOf, client_of: ClientOf, more: dict[str, str], status: int
) -> None:
    answer = sent(client_of(ada), **({"clip": clip_of(ada).pk} | more))
    assert (answer.status_code, WORDS["happened"] in answer.content.decode(), BugReport.objects.count()) == (
        status,
        True,
        0,
    )


@pytest.mark.parametrize("number", ["x", "00000000-0000-0000-0000-000000000000"])
def test_film_that_is_not_there_is_not_found(ada: Person, client_of: ClientOf, number: str) -> None:
    assert client_of(ada).get(reverse("bug_new"), {"clip": number}).status_code == 404


HOSTILE = "<img src=x onerror=alert(1)>\"'{{ 7|add:1 }}"


def test_html_in_every_field_is_harmless(ada: Person, sam: Person, client_of: ClientOf) -> None:
    bug = reported(ada, title=HOSTILE, happened=HOSTILE, expected=HOSTILE, browser=HOSTILE)
    write(bug, HOSTILE, actor=ada)
    moved(bug, "wont_fix", sam, answer=HOSTILE)
    for who, page in (
        (ada, reverse("bug", args=[bug.pk])),
        (ada, reverse("bugs")),
        (sam, reverse("staff_bug", args=[bug.pk])),
        (sam, f"{reverse('staff_bugs')}?state=all"),
        (sam, f"{reverse('staff_roadmap_new')}?kind={HOSTILE[:9]}&key={HOSTILE[:9]}"),
    ):
        text = client_of(who).get(page).content.decode()
        assert ("<img src=x" in text, "&amp;lt;" in text) == (False, False), page


def test_my_reports_are_mine(ada: Person, ben: Person, client_of: ClientOf) -> None:
    bug = reported(ada)
    assert WORDS["title"] in client_of(ada).get(reverse("bugs")).content.decode()
    assert WORDS["title"] not in client_of(ben).get(reverse("bugs")).content.decode()
    assert client_of(ben).post(reverse("bug_write", args=[bug.pk]), {"text": "Hello"}).status_code == 404


# The thread.


def test_each_side_is_told_that_the_other_wrote_and_nothing_of_what(
    ada: Person, sam: Person, client_of: ClientOf
) -> None:
    bug = reported(ada)
    client_of(sam).post(reverse("staff_bug_write", args=[bug.pk]), {"text": "Which browser was it, secretly?"})
    client_of(ada).post(reverse("bug_write", args=[bug.pk]), {"text": "A secret one."})
    sweep()
    assert list(BugMessage.objects.values_list("from_staff", flat=True)) == [True, False]
    told = Notice.objects.get(person=ada, kind="bugs.answered")
    assert (told.url, told.body) == (reverse("bug", args=[bug.pk]), "")
    assert Notice.objects.filter(person=sam, kind="bugs.desk").count() == 2
    texts = [*Notice.objects.values_list("title", "body"), *Letter.objects.values_list("text", "html")]
    assert [one for pair in texts for one in pair if "secret" in one or WORDS["title"] in one] == []


@pytest.mark.parametrize(("text", "code"), [("  ", "message-missing"), ("x" * 4001, "message-long")])
def test_message_has_words_and_an_end(ada: Person, text: str, code: str) -> None:
    bug = reported(ada)
    assert code_of(lambda: write(bug, text, actor=ada)) == code


def test_nobody_else_writes_in_it(ada: Person, ben: Person) -> None:
    bug = reported(ada)
    assert code_of(lambda: write(bug, "Hello", actor=ben)) == "not-found"
