"""Tariff, bug reports in several states and a roadmap for the demonstration, through the services people use."""

from collections.abc import Mapping

from artists.feedback.bugs.queries import bugs_visible_to
from artists.feedback.bugs.services import Reported, Verdict, merge_bug, move_bug, report_bug, write
from artists.feedback.bugs.states import Severity
from artists.feedback.roadmap.services import Step, add_item, move_item, name_source
from artists.people.models import Person
from artists.tariff import kinds
from artists.tariff.queries import published
from artists.tariff.services import draft_version, edit_draft, publish_version
from generation.queries import clips_visible_to
from portal.access import Refused

# What the demonstration pays, in minor units; every other kind is unpaid, which the tariff says out loud.
PRICES = {
    "bug.new": 2500, "bug.duplicate": 1000, "feedback.form": 1500, "feedback.long_form": 3000, "feedback.note": 500,
    "mission.hour": 4000, "mission.each": 6000, "interview.hour": 5000,
}  # fmt: skip


def publish_tariff(people: Mapping[str, Person]) -> None:
    """The first version, once."""
    theo = people["theo@demo.example"]
    if published().exists():
        return
    try:
        draft = draft_version(actor=theo)
        known = {kind.name for kind in kinds.contributions()}
        prices = {name: amount for name, amount in PRICES.items() if name in known}
        draft = edit_draft(draft, prices, actor=theo, currency=draft.currency, note="The first tariff of this program.")
        publish_version(draft, actor=theo, seen=draft.edits)
    except Refused:  # a visitor was faster: what they left stands
        return


def report_and_triage(people: Mapping[str, Person]) -> bool:
    """Reported once, as soon as there is a film to report on; True when nothing is left to wait for."""
    ada, ben, lena, theo = (people[f"{name}@demo.example"] for name in ("ada", "ben", "lena", "theo"))
    if bugs_visible_to(ada).exists():
        return True
    clip = clips_visible_to(ada).order_by("made_at").first()
    if clip is None:
        return False
    jump = Reported(
        title="The horizon jumps between two shots",
        happened="At the cut the horizon drops by a hand, although the second shot continues from the first.",
        expected="The line stays where it was.",
        severity=Severity.WRONG,
        clip=clip,
        first=0,
        last=min(4, clip.frames - 1),
        may_look=True,
    )
    again = Reported(
        title="A jump at the cut",
        happened="In a film of two shots the picture drops when the second begins.",
        severity=Severity.HINDERS,
    )
    slow = Reported(title="Undo in the dock forgets the seed", happened="After undoing, the seed field is empty.")
    try:
        first = report_bug(jump, actor=ada)
        move_bug(first, Verdict("reproduced", answer="We see it too, with every seed."), actor=theo)
        write(first, "Does it also happen when the shots are cut, not continued?", actor=theo)
        merge_bug(report_bug(again, actor=ben), first, actor=theo)
        move_bug(report_bug(slow, actor=lena), Verdict("fixed", fixed_in="0.1.0"), actor=theo)
        report_bug(
            Reported(title="Export misses the last frame", happened="The film ends one frame early."), actor=lena
        )
        item = add_item("Steady horizons", "Shots that continue keep their horizon.", actor=theo)
        name_source(item, "bug", first.pk, actor=theo)
        move_item(item, Step("under_way"), actor=theo)
        add_item("Sound", "A track under the film, from a file of yours.", actor=theo)
    except Refused:  # a visitor was faster: what they left stands
        return True
    return True
