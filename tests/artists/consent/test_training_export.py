"""Training: off unless all authors agreed; the export carries proof, and says later what may no longer be used."""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone
from freezegun import freeze_time

from artists.consent.authors import register_authors
from artists.consent.models import Use
from artists.consent.services import pause_consents, refresh_terms, resume_consents, withdraw_consent
from artists.consent.services.training import check_manifest, export_training
from artists.people.models import Person
from generation.bin import delete_clip
from generation.models import Clip
from tests.factories.consent import YEAR, given
from tests.factories.refusals import code_of

DAY = timedelta(days=1)
Clips = Callable[..., Clip]


def terms(clip: Clip) -> str:
    """What the clip's files say now."""
    return Clip.objects.get(pk=clip.pk).training


def test_nothing_is_exported_without_consent(ada: Person, sam: Person, clip_of: Clips, tmp_path: Path) -> None:
    given(clip_of(ada), sam, kind="press")
    assert code_of(lambda: export_training(tmp_path / "out", actor=ada)) == "role"
    assert code_of(lambda: export_training(tmp_path / "out", actor=sam)) == "nothing-to-export"
    assert (Use.objects.count(), (tmp_path / "out").exists()) == (0, False)


def test_export_holds_only_consented_works_with_their_receipts_and_is_a_use(
    ada: Person, ben: Person, sam: Person, clip_of: Clips, tmp_path: Path
) -> None:
    clips = [clip_of(ada), clip_of(ben), clip_of(ada), clip_of(ada)]
    consent = given(clips[0], sam, kind="training", where="The next model")
    withdraw_consent(given(clips[1], sam, kind="training"), actor=ben)
    given(clips[2], sam, kind="training")
    delete_clip(clips[2], actor=ada)
    answer = export_training(tmp_path / "out", actor=sam)
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    work = manifest["works"][0]
    film = tmp_path / "out" / work["file"]
    assert (len(manifest["works"]), work["clip"], work["sha256"]) == (
        1, str(clips[0].pk), hashlib.sha256(film.read_bytes()).hexdigest(),
    )  # fmt: skip
    assert work["receipt"]["header"]["receipt_id"] == str(consent.pk)
    assert {one["clip"]: one["code"] for one in answer["refused"]} == {
        str(clips[1].pk): "consent-withdrawn", str(clips[2].pk): "clip-deleted", str(clips[3].pk): "consent-missing",
    }  # fmt: skip
    assert [use.where for use in Use.objects.all()] == ["The next model"]
    assert code_of(lambda: export_training(tmp_path / "out", actor=sam)) == "folder-not-empty"


def test_work_with_an_author_who_was_not_asked_is_refused(
    ada: Person, ben: Person, sam: Person, clip_of: Clips, tmp_path: Path
) -> None:
    clip = clip_of(ada)
    given(clip, sam, kind="training")
    register_authors("test", lambda _clip: {ben.pk})
    try:
        assert code_of(lambda: export_training(tmp_path / "out", actor=sam)) == "nothing-to-export"
    finally:
        register_authors("test", lambda _clip: set())


def test_check_lists_what_was_withdrawn_since(
    ada: Person, sam: Person, olga: Person, clip_of: Clips, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    clips = [clip_of(ada), clip_of(ada)]
    consents = [given(clip, sam, kind="training") for clip in clips]
    call_command("export_training", "--out", str(tmp_path / "out"), "--actor", sam.email, "--json")
    path = Path(json.loads(capsys.readouterr().out)["manifest"])
    assert check_manifest(path) == {"works": 2, "gone": []}
    withdraw_consent(consents[1], actor=ada)
    with pytest.raises(SystemExit) as ended:
        call_command("export_training", "--check", str(path), "--json")
    told = json.loads(capsys.readouterr().out)
    assert (ended.value.code, [(one["clip"], one["code"], bool(one["since"])) for one in told["gone"]]) == (
        1, [(str(clips[1].pk), "consent-withdrawn", True)],
    )  # fmt: skip
    (tmp_path / "other.json").write_text("[]")
    assert code_of(lambda: check_manifest(tmp_path / "other.json")) == "manifest-unreadable"


def test_terms_of_a_work_follow_its_consents(ada: Person, sam: Person, clip_of: Clips) -> None:
    clip = clip_of(ada)
    seen = [terms(clip)]
    given(clip, sam, kind="training", places=("FR",), where="A")
    seen.append(terms(clip))
    consent = given(clip, sam, kind="training", where="B")
    seen.append(terms(clip))
    pause = pause_consents(actor=ada, until=timezone.now() + DAY)
    seen.append(terms(clip))
    resume_consents(pause, actor=ada)
    seen.append(terms(clip))
    withdraw_consent(consent, actor=ada)
    seen.append(terms(clip))
    assert seen == ["notAllowed", "constrained", "allowed", "notAllowed", "allowed", "constrained"]
    with freeze_time(timezone.now() + YEAR + DAY):
        assert (refresh_terms(), refresh_terms(), terms(clip)) == (1, 0, "notAllowed")


def test_terms_come_back_when_a_pause_ends_by_itself(ada: Person, sam: Person, clip_of: Clips) -> None:
    clip = clip_of(ada)
    given(clip, sam, kind="training")
    pause_consents(actor=ada, until=timezone.now() + DAY)
    with freeze_time(timezone.now() + 2 * DAY):
        assert (refresh_terms(), terms(clip)) == (1, "allowed")
