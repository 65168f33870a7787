"""Every address of ours, by everybody: one table."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone

from artists.agreements.models import Signature
from artists.compensation.models import Batch
from artists.feedback.critique.services import publish_weeks
from artists.feedback.models import Critique, CritiqueWeek, Question
from artists.feedback.roadmap.services import add_item
from artists.feedback.surveys import services
from artists.feedback.surveys.services import Asked
from artists.invitations.services import invite
from artists.people.models import Person
from artists.people.roles import Role
from artists.sharing.models import ShareRequest
from artists.sharing.services import report_concern, request_share
from generation.models import Clip, Generation
from portal.access import ANONYMOUS
from portal.appeals.services import appeal
from portal.notices.services import write_letter
from portal.notices.stopping import Stop, stop_path
from portal.program.reach import Target
from portal.program.states import Scope
from portal.program.suspending import suspend
from tests.factories import awards, bugs, films, ledger, service_letters, surveys, tariff
from tests.factories.consent import consented
from tests.factories.gatherings import gathered, seated
from tests.factories.letters import published
from tests.factories.missions import posted
from tests.factories.pay import earned, funded
from tests.factories.people import holder_of, opened_cohort
from tests.factories.sharing import concerned, released

WHO = ("public", "ada", "ben", "nia", "inactive", "rhea", "sam", "olga")
ALL = (200,) * 8
IN = (302, 200, 200, 200, 302, 200, 200, 200)
OWN = (302, 200, 404, 404, 302, 404, 404, 404)
REVIEWERS = (302, 404, 404, 404, 302, 200, 404, 404)
ARTISTS = (302, 200, 200, 200, 302, 403, 403, 403)
STAFF = (302, 403, 403, 403, 302, 403, 200, 200)
OPERATORS = (302, 403, 403, 403, 302, 403, 403, 200)
AUTHORS_AND_STAFF = (302, 200, 404, 404, 302, 404, 200, 200)
POST_OUT = (405,) * 8
POST_IN = POST_OUT
EXPECTED = {
    "home": ALL, "api_schema": ALL, "healthz": ALL, "rail": IN, "events": (503,) * 8, "status": ALL, "today": (302, 403, 403, 403, 302, 403, 200, 200), "theme": POST_OUT,
    "components": (302, 403, 403, 403, 302, 403, 200, 200),
    "appeals": IN, "appeal_new": (302, 302, 200, 200, 302, 404, 404, 404), "appeal": (302, 200, 404, 404, 302, 404, 404, 404), "appeal_withdraw": POST_OUT,
    "people": STAFF, "person": STAFF, "person_prompts": (302, 403, 403, 403, 302, 403, 302, 302), "person_view": POST_OUT, "viewing_stop": POST_OUT,
    "looks": IN, "record": STAFF, "record_check": POST_OUT, "announcements": STAFF, "announcement_end": POST_OUT, "announcement_put_away": POST_OUT,
    "appeals_desk": (302, 403, 403, 403, 302, 200, 200, 200), "appeal_decide": (302, 403, 403, 403, 302, 404, 200, 200),
    "sign_in_link": (404,) * 8, "invitation": ALL, "invitation_accept": POST_OUT, "invitation_decline": POST_OUT,
    "invitation_again": POST_OUT, "invitations": STAFF, "invitations_new": STAFF, "invitation_staff": STAFF,
    "invitation_resend": POST_IN, "invitation_withdraw": POST_IN, "second_factor": IN,
    "agreement_decline": POST_IN, "signature": (302, 200, 404, 404, 302, 404, 200, 200),
    "signature_paper": (302, 404, 404, 404, 302, 404, 404, 404), "agreements": STAFF, "agreement_new": STAFF,
    "agreement_version": STAFF, "agreement_publish": POST_IN, "agreement_translate": (302, 403, 403, 403, 302, 403, 409, 409),
    "agreement_document": STAFF, "agreement_audience": POST_IN, "agreement_draft": STAFF,
    "cohorts": STAFF, "cohort_new": STAFF, "cohort": STAFF, "cohort_open": POST_IN, "cohort_close": POST_IN,
    "cohort_member": POST_IN, "my_cohort": IN, "choose_wall": POST_IN, "leave": IN, "stay": POST_IN,
    "statements": (302, 403, 403, 403, 302, 200, 403, 403), "state": (302, 403, 403, 403, 302, 200, 403, 403),
    "profile": IN, "wall": IN, "wall_film": (302, 404, 404, 404, 302, 404, 404, 404),
    "wall_poster": (302, 404, 404, 404, 302, 404, 404, 404), "agreement": IN, "agreement_sign": POST_IN, "inbox": IN, "inbox_read": POST_IN,
    "notice_read": POST_IN, "inbox_export": IN, "mail_choices": IN, "mail_hours": POST_IN, "mail_stop": ALL,
    "mails": STAFF, "mail": STAFF, "mail_frame": STAFF,
    "outbox": OPERATORS, "letter": OPERATORS, "studio": IN, "studio_price": POST_IN, "generation": OWN,
    "generation_cancel": POST_IN, "studio_dock": POST_IN, "studio_save": POST_IN, "studio_stop_all": POST_IN,
    "reference_keep": POST_IN, "reference": OWN, "storyboards": IN, "storyboard_import": POST_IN, "storyboard_export": OWN,
    "storyboard_duplicate": POST_IN, "storyboard_delete": POST_IN, "storyboard_restore": POST_IN, "prompts": IN,
    "prompts_recent": IN, "prompts_forget": POST_IN, "prompt_forget": POST_IN,
    "library": IN, "library_bulk": POST_IN, "library_downloads": IN, "collections": IN,
    "collection": POST_IN, "library_bin": IN, "library_restore": POST_IN, "clip_star": POST_IN, "clip": OWN, "clip_film": OWN, "clip_poster": OWN, "clip_filmstrip": OWN,
    "clip_download": OWN, "sharing": IN, "share_new": OWN, "share_request": OWN, "share_withdraw": OWN,
    "share_several": (302,) * 8, "share_edit": (302, 302, 404, 404, 302, 404, 404, 404), "share_rewrite": POST_IN, "share_preview": OWN,
    "share_part": POST_IN, "share_answer": (302, 302, 404, 404, 302, 404, 404, 404), "share_film": OWN, "share_poster": OWN, "share_filmstrip": OWN,
    "release_embed": ALL, "release_download": ALL, "concern_new": ALL, "concern": ALL, "oembed": (404,) * 8, "showcase": ALL, "grounds": ALL,
    "review_queue": (302, 404, 404, 404, 302, 200, 200, 200), "review_outbox": (302, 404, 404, 404, 302, 200, 200, 200),
    "review_me": REVIEWERS, "review_compare": (302, 404, 404, 404, 302, 404, 404, 404), "review_note": POST_OUT,
    "review_note_remove": POST_OUT, "review_draft": POST_OUT, "review_discard": POST_OUT, "review_sitting": POST_OUT,
    "review_take": POST_OUT, "review_conflict": POST_OUT, "review_undo": POST_OUT, "review_tell": POST_OUT,
    "review": REVIEWERS, "review_film": REVIEWERS, "review_poster": REVIEWERS,
    "review_filmstrip": REVIEWERS, "release_film": ALL, "release_poster": ALL, "release_filmstrip": ALL, "compare": IN,
    "tokens": (302, 200, 200, 200, 302, 403, 403, 403), "token_rotate": POST_OUT, "token_revoke": POST_OUT,
    "sessions": IN, "session_end": POST_OUT,
    "standing": IN, "safety": STAFF, "suspend": STAFF, "suspension": STAFF, "suspension_end": POST_OUT,
    "staff_sharing": STAFF, "staff_assign": POST_IN, "staff_sharing_export": STAFF, "staff_terms": STAFF, "staff_grounds": STAFF,
    "staff_ground": STAFF, "staff_ground_reset": POST_IN, "staff_share_request": STAFF, "staff_revoke": POST_IN,
    "staff_concerns": STAFF, "staff_concern": STAFF, "staff_concern_revoke": POST_IN,
    "suspension_stop_running": POST_OUT, "suspension_ratify": POST_OUT, "suspension_confirm": POST_OUT, "sunset": STAFF,
    "sunset_call_off": POST_OUT, "release": ALL,
    "uses": IN, "consents_ended": IN, "uses_csv": IN, "consent_answer": OWN, "consent_film": OWN, "consent_poster": OWN, "consent_filmstrip": OWN,
    "consent": (302, 200, 404, 404, 302, 404, 302, 302), "consent_withdraw": POST_IN, "consent_receipt": AUTHORS_AND_STAFF,
    "consent_paper": AUTHORS_AND_STAFF, "consent_choices": IN, "consent_choices_of": OWN, "union": IN, "union_resume": POST_IN,
    "union_delegate": POST_IN, "union_call": (302, 403, 403, 403, 302, 404, 404, 404), "consent_desk": STAFF, "consent_ask": STAFF,
    "consent_register": STAFF, "consent_register_csv": STAFF, "consent_reach": POST_IN, "consent_request": STAFF,
    "feedback": IN, "feedback_form": (302, 200, 200, 200, 302, 404, 404, 404), "feedback_forget": POST_OUT,
    "feedback_film": (302, 200, 200, 200, 302, 404, 200, 200), "staff_feedback": STAFF, "staff_feedback_new": STAFF,
    "staff_feedback_form": STAFF, "staff_feedback_frame": POST_OUT, "staff_feedback_words": POST_OUT,
    "staff_feedback_preview": STAFF, "staff_feedback_publish": POST_OUT, "staff_feedback_draft": POST_OUT,
    "staff_feedback_end": POST_OUT, "staff_feedback_reopen": POST_OUT, "staff_feedback_question_new": STAFF,
    "staff_feedback_question": STAFF, "staff_feedback_question_move": POST_OUT, "staff_feedback_question_remove": POST_OUT,
    "staff_feedback_response": STAFF, "staff_feedback_results": STAFF, "staff_feedback_results_csv": STAFF, "staff_feedback_outcome": POST_OUT,
    "critique": ALL, "critique_desk": STAFF, "critique_one": STAFF, "critique_answer": POST_OUT, "critique_withhold": POST_OUT,
    "missions": IN, "mission": (302, 200, 200, 200, 302, 404, 404, 404), "mission_take": POST_OUT, "mission_deliver": POST_OUT,
    "mission_give_back": POST_OUT, "staff_missions": STAFF, "staff_mission_new": STAFF, "staff_mission": STAFF,
    "staff_mission_change": STAFF, "staff_mission_post": POST_OUT, "staff_mission_extend": POST_OUT, "staff_mission_end": POST_OUT,
    "staff_mission_csv": STAFF, "staff_mission_answer": POST_OUT,
    "consent_take_back": POST_IN, "consent_reply": POST_IN, "consent_file": STAFF, "consent_proof": STAFF,
    "grants": IN, "grant_round": (302, 200, 200, 200, 302, 404, 404, 404), "grant_apply": (302, 302, 200, 200, 302, 404, 404, 404),
    "grant_take_back": POST_OUT, "award": OWN, "staff_awards": STAFF, "staff_award_new": STAFF, "staff_award": STAFF,
    "staff_award_change": (302, 403, 403, 403, 302, 403, 409, 403), "staff_award_submit": POST_OUT,
    "staff_award_withdraw": POST_OUT, "staff_award_approve": POST_OUT, "staff_award_decline": POST_OUT,
    "staff_award_end": POST_OUT, "staff_batches": STAFF, "staff_batch_new": STAFF, "staff_batch": STAFF,
    "staff_batch_approve": POST_OUT, "staff_rounds": STAFF, "staff_round_new": STAFF, "staff_round": STAFF,
    "staff_round_change": (302, 403, 403, 403, 302, 403, 409, 409), "staff_round_open": POST_OUT,
    "staff_round_cancel": POST_OUT, "staff_round_decide": POST_OUT, "staff_application": STAFF,
    "staff_application_reconsider": POST_OUT,
    "tariff": ALL, "tariff_version": ALL, "staff_tariff": STAFF, "staff_tariff_new": POST_OUT, "staff_tariff_draft": STAFF,
    "staff_tariff_publish": STAFF,
    "bugs": IN, "bug_new": IN, "bug": (302, 200, 404, 404, 302, 404, 302, 302), "bug_write": POST_OUT,
    "bug_screenshot": AUTHORS_AND_STAFF, "bug_film": AUTHORS_AND_STAFF, "bug_filmstrip": AUTHORS_AND_STAFF,
    "staff_bugs": STAFF, "staff_bugs_move": POST_OUT, "staff_bugs_csv": STAFF, "staff_bug": STAFF,
    "staff_bug_verdict": POST_OUT, "staff_bug_merge": POST_OUT, "staff_bug_write": POST_OUT,
    "roadmap": IN, "staff_roadmap": STAFF, "staff_roadmap_new": STAFF, "staff_roadmap_item": STAFF,
    "staff_roadmap_move": POST_OUT, "staff_roadmap_source": POST_OUT,
    "gatherings": IN, "gathering": AUTHORS_AND_STAFF, "gathering_seat": POST_IN, "gathering_ics": AUTHORS_AND_STAFF, "gathering_calendar": IN,
    "gathering_feed": (404,) * 8, "staff_gatherings": STAFF, "staff_gathering_new": STAFF, "staff_gathering": STAFF,
    "staff_gathering_edit": STAFF, "staff_gathering_cancel": POST_IN, "staff_gathering_attended": POST_IN,
    "open_letters": ALL, "open_letter": ALL, "letter_new": (302, 200, 200, 200, 302, 403, 403, 403),
    "letter_edit": (302, 409, 404, 404, 302, 403, 403, 403), "letter_open": POST_IN, "letter_withdraw": POST_IN, "letter_sign": POST_IN,
    "letter_take_back": POST_IN, "letter_answer": POST_IN, "staff_letters": STAFF,
    "pay": ARTISTS, "pay_way": POST_OUT, "pay_account": POST_OUT, "pay_check": POST_OUT, "pay_replace": POST_OUT,
    **dict.fromkeys(("pay_form", "pay_back", "pay_dashboard"), (302, 503, 503, 503, 302, 403, 403, 403)),
    "staff_payments": STAFF, "staff_payments_all": STAFF, "staff_payments_batch": STAFF, "staff_payment": STAFF,
    "staff_payment_record": POST_OUT, "staff_payment_hold": POST_OUT, "staff_payment_unhold": POST_OUT,
    "staff_payment_retry": POST_OUT, "staff_payment_cancel": POST_OUT, "staff_payment_back": POST_OUT,
    "staff_payment_again": POST_OUT, "staff_payment_look": POST_OUT, "staff_pay_person": STAFF, "staff_pay_tax": POST_OUT,
    "staff_payment_proof": (302, 403, 403, 403, 302, 403, 404, 404),
    "ledger": IN, "ledger_lines": IN, "ledger_payment": OWN, "ledger_months": IN, "ledger_month": IN, "ledger_month_csv": OWN,
    "ledger_month_paper": OWN, "ledger_year_csv": IN, "service_letters": IN, "service_letter_paper": OWN,
    "service_letter_withdraw": POST_OUT, "service_letter": ALL, "service_letter_check": ALL, "staff_money_books": STAFF,
    "staff_money_year_csv": STAFF,
    "staff_money": STAFF, "staff_fund_new": STAFF, "staff_fund": STAFF, "staff_fund_budget": POST_OUT, "staff_fund_change": POST_OUT,
    "staff_fund_state": POST_OUT, "disputes": (302, 200, 200, 200, 302, 403, 403, 403), "dispute_withdraw": POST_OUT,
    "dispute_missing": (302, 200, 200, 200, 302, 403, 403, 403), "dispute_about": (302, 200, 404, 404, 302, 404, 404, 404),
    "staff_findings": STAFF, "stripe_hook": POST_OUT,
    "staff_contributions": STAFF, "staff_disputes": STAFF, "staff_dispute_answer": POST_OUT,
}  # fmt: skip


def names(resolver: URLResolver) -> set[str]:
    """Names of our own addresses; those of the accounts library are its own, those of the API have a test of theirs."""
    found: set[str] = set()
    for part in resolver.url_patterns:
        if isinstance(part, URLResolver):
            others = "allauth" in str(part.urlconf_name) or part.namespace == "api"
            found |= set() if others else names(part)
        elif part.name:
            found.add(part.name)
    return found


def test_every_address_is_in_the_table() -> None:
    assert names(get_resolver()) == set(EXPECTED)


def test_every_address_answers_everybody_as_the_table_says(  # noqa: PLR0913 - the cast
    ada: Person, ben: Person, nia: Person, rhea: Person, sam: Person, olga: Person,
    clip_of: Callable[..., Clip], generation_of: Callable[..., Generation], client_of: Callable[[Person], Client],
) -> None:  # fmt: skip
    shared = request_share(clip_of(ada), actor=ada, title="Sea", destination="A festival")
    release = released(shared, rhea)
    running = generation_of(ada)
    invitation, url = invite("new@example.org", cohort=ada.membership.cohort, actor=sam)
    token = url.rstrip("/").rpartition("/")[2]
    stopped_model = suspend(Target(Scope.MODEL, model="another"), actor=sam, reason="A fault.")
    appealed = appeal("suspension", str(stopped_model.pk), actor=ada, text="Another model is not mine.")
    concern = report_concern(release, actor=ANONYMOUS, text="It shows my house.")
    signed_stop = stop_path(Stop(ada.pk, "generation.ended")).split("/")[-2]
    letter = write_letter("x@example.org", key="k", subject="s", body="b", url="/", button="Go")
    one = {"letter": letter.pk, "generation": running.pk, "generation_cancel": running.pk, "agreement_sign": 1}
    one |= dict.fromkeys(("invitation_staff", "invitation_resend", "invitation_withdraw"), invitation.pk)
    signed = Signature.objects.get(person=ada)
    one |= {
        "signature": signed.pk,
        "signature_paper": signed.pk,
        "agreement_decline": 1,
        "cohort_member": 1,
        "collection": 1,
        "notice_read": 1,
    }
    one |= dict.fromkeys(("agreement_version", "agreement_publish", "agreement_translate"), signed.version_id)
    slugs = dict.fromkeys(("agreement_document", "agreement_audience", "agreement_draft"), "early-access")
    slugs |= dict.fromkeys(
        ("cohort", "cohort_open", "cohort_close", "cohort_member", "state"), ada.membership.cohort.slug
    )
    one |= {name: running.storyboard_id for name in EXPECTED if name.startswith("storyboard_")}
    one |= {"reference": films.pictured(ada).pk, "prompt_forget": 1}
    one |= dict.fromkeys(("person", "person_prompts", "person_view"), ada.pk)
    one |= dict.fromkeys(("announcement_end", "announcement_put_away"), 1)
    one |= dict.fromkeys(("appeal", "appeal_withdraw", "appeal_decide"), appealed.pk)
    one |= dict.fromkeys(("staff_concern", "staff_concern_revoke"), concerned(release).pk)
    given = consented(shared.clip, by=sam)
    asking = given.asked.request_id
    one |= {name: given.pk for name in EXPECTED if name.startswith("consent")}
    one |= dict.fromkeys(("consent_request", "consent_take_back"), asking)
    answer = given.asked.answers.get().pk
    one |= dict.fromkeys(
        ("consent_answer", "consent_film", "consent_poster", "consent_filmstrip", "consent_reply"), answer
    )
    one |= {"consent_reach": 1, "union_delegate": nia.pk}
    film = clip_of(surveys.making_staff(ada.membership.cohort, signed.version))
    other = clip_of(film.artist)
    draft = surveys.drafted(film.artist, Asked("compare", "Which?", first=film, second=other))
    form = services.publish_version(draft, actor=sam)
    services.draft_version(form.form, actor=sam)
    slugs |= {name: form.form.slug for name in EXPECTED if "feedback_" in name}
    one |= {name: form.questions.get().pk for name in EXPECTED if name.startswith("feedback_film")}
    one |= {"staff_feedback_response": surveys.sent(form.form, ada, surveys.said("a")).pk}
    one |= {name: Question.objects.latest("pk").pk for name in EXPECTED if "feedback_question" in name}
    mission = posted(sam)
    one |= {name: mission.pk for name in EXPECTED if "mission" in name}
    Critique.objects.create(week=CritiqueWeek.objects.create(week="2026-W01"), text="Pay us.")
    publish_weeks()
    one |= {name: Critique.objects.get().pk for name in EXPECTED if name.startswith("critique_")}
    priced = tariff.in_force(sam)
    tariff.drafted(sam)
    numbers = {"tariff_version": priced.number}
    bug = bugs.reported(ada, clip=shared.clip, may_look=True, screenshot=films.picture_file())
    item = add_item("Steadier horizons", actor=sam)
    one |= {name: bug.pk for name in EXPECTED if name.startswith(("bug", "staff_bug"))}
    one |= {name: item.pk for name in EXPECTED if name.startswith("staff_roadmap_")}
    # Only Ada's by her seat: its cohort has nobody else in it.
    meeting = gathered(sam)
    seated(meeting, ada)
    meeting.cohorts.add(opened_cohort("third"))
    one |= {name: meeting.pk for name in EXPECTED if "gathering" in name}
    letter_of_ada = published(ada, ben, staff=sam)
    slugs |= {name: letter_of_ada.slug for name in EXPECTED if name.startswith("letter_") or name == "open_letter"}
    fund, tess = funded(sam), holder_of(Role.STAFF, "Tess")
    promised = awards.approved(ada, fund, by=sam, approvers=[olga, tess])
    call = awards.opened(fund, by=sam)
    one |= {name: promised.pk for name in EXPECTED if name == "award" or name.startswith("staff_award_")}
    one |= {"staff_award": promised.pk}
    one |= {name: call.pk for name in EXPECTED if name.startswith(("grant_", "staff_round"))}
    application = awards.applied(call, ada).pk
    one |= {name: application for name in EXPECTED if name.startswith("staff_application")}
    batch = Batch.objects.create(title="October", fund=fund, until=timezone.now(), by=sam, by_label=sam.label)
    one |= {name: batch.pk for name in EXPECTED if name.startswith("staff_batch")}
    one |= {name: fund.pk for name in EXPECTED if name.startswith("staff_fund")}
    one |= {"dispute_about": earned(ada).pk, "dispute_withdraw": 1, "staff_dispute_answer": 1}
    month = f"{timezone.now():%Y-%m}"
    one["ledger_payment"] = ledger.paid_by_hand(ledger.promised(fund, ada)[0]).pk
    one |= {name: one["ledger_payment"] for name in EXPECTED if name.startswith("staff_payment")}
    one |= dict.fromkeys(("staff_pay_person", "staff_pay_tax"), ada.pk)
    letter_of_service = service_letters.made(ada)
    one |= {name: letter_of_service.pk for name in EXPECTED if name.startswith("service_letter_")}
    clients = {"public": Client(), "inactive": client_of(ben)}
    clients |= {who.name.lower(): client_of(who) for who in (ada, ben, nia, rhea, sam, olga)}
    stopped = Person.objects.create_user("stopped@example.org", name="Stopped")
    clients["inactive"] = client_of(stopped)
    Person.objects.filter(pk=stopped.pk).update(is_active=False)

    def address(name: str) -> str:
        parts = {"pk": one.get(name, shared.clip_id if name.startswith(("clip", "wall")) else shared.pk)}
        slug = {"slug": slugs.get(name, release.slug)}
        for kwargs in (
            {},
            parts,
            {"token": token},
            {"secret": "x"},
            {"prefix": "x"},
            {"name": "rights"},
            {"number": numbers.get(name, stopped_model.pk)},
            slug,
            {"kind": "suspension", "key": str(stopped_model.pk)},
            {"key": concern.key},
            {"signed": signed_stop},
            {"kind": "generation.ended"},
            {"kind": "generation.ended", "light": "dark"},
            {"clip": shared.clip_id},
            {"part": "paid"},
            {"month": month},
            {"month": month, "currency": "EUR"},
            {"year": month[:4]},
            {"code": letter_of_service.code},
            slug | parts,
            slug | parts | {"side": "a"},
            parts | {"note": 1},
            parts | {"seat": 1},
            parts | {"other": shared.pk},
        ):
            try:
                return reverse(name, kwargs=kwargs)
            except Exception:  # noqa: BLE001, S112 - the next shape
                continue
        raise LookupError(name)

    answered = {name: tuple(clients[who].get(address(name)).status_code for who in WHO) for name in EXPECTED}
    assert answered == EXPECTED


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/theme/", "/inbox/read/", "/studio/price/", "/studio/save/", "/studio/references/"])
def test_change_without_a_token_is_refused(path: str) -> None:
    assert Client(enforce_csrf_checks=True).post(path).status_code == 403


def test_unreviewed_request_is_nobody_elses(
    ada: Person, ben: Person, clip_of: Callable[..., Clip], client_of: Callable[[Person], Client]
) -> None:
    asked = request_share(clip_of(ada), actor=ada, title="Sea", destination="A festival")
    assert client_of(ben).post(reverse("share_withdraw", args=[asked.pk])).status_code == 404
    assert ShareRequest.objects.get().state == "in_review"
