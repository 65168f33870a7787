"""What the studio's dock shows: what a model offers, the price in words, where a new dock begins."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from artists.people.models import Person
from generation.backends.registry import ModelEntry
from generation.sketch.words import left_unread, unknown_words
from portal.access import Actor, Refused

from .drafts import Draft, DraftShot, draft_of
from .estimates import price
from .forms import DockForm, Pictures
from .models import Follows, Generation
from .pages import span_words
from .queries import (
    generations_visible_to,
    models_offered,
    prompts_visible_to,
    references_visible_to,
    storyboards_visible_to,
)
from .registry import model_called, models
from .starters import STARTERS
from .storyboards import plan_look, plan_shots

TIERS = (
    ("draft", gettext_lazy("Draft"), gettext_lazy("Draft: quick, to try things")),
    ("final", gettext_lazy("Final"), gettext_lazy("Final: slower, for the film you keep")),
)

MOST_NAMED = 12  # unknown words: a list of all would hide the price


@dataclass(frozen=True, slots=True)
class Unread:
    """What a model makes nothing of: the first words it does not know and how many more, and what comes too late."""

    words: tuple[str, ...] = ()
    more: int = 0
    ends: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Opening:
    """Where a dock begins: the form, and a sentence if something asked for could not be had."""

    form: DockForm
    said: str = ""


def entry_for(model: str) -> ModelEntry:
    """The model of this name, or the default where there is none."""
    try:
        return model_called(model or None)
    except Refused:
        return model_called(None)


def _offered() -> list[ModelEntry]:
    names = models_offered()
    return [entry for entry in models() if entry.name in names]


def tiers_for_select() -> list[dict[str, Any]]:
    """Models that can be run here and now, by tier."""
    offered = _offered()
    return [
        {"word": word, "label": label, "models": [entry for entry in offered if entry.tier == name]}
        for name, word, label in TIERS
    ]


def tier_partner(model: str, tier: str) -> ModelEntry | None:
    """The model to use for the other tier of a film: the first one offered whose name begins alike, else the first."""
    found = [entry for entry in _offered() if entry.tier == tier]
    alike = [entry for entry in found if entry.name.startswith(f"{model}-") or model.startswith(f"{entry.name}-")]
    return next(iter([*alike, *found]), None)


def _lengths_of(entry: ModelEntry) -> list[dict[str, str]]:
    rows = []
    for frames in entry.frames:
        exact = float(entry.seconds(frames))
        rows.append({"value": f"{exact:g}", "label": f"{round(exact, 2):g} s", "seconds": f"{exact:g}"})
    return rows


def pictures_of(form: DockForm, actor: Actor) -> Pictures:
    """One's own reference images among those the form names, by number."""
    return references_visible_to(actor).in_bulk(form.reference_ids)


def quote_for(form: DockForm, person: Person, pictures: Pictures) -> dict[str, Any]:
    """The price of what stands in the dock, in words; or what cannot be made; or nothing while nothing is written."""
    if not any(shot.prompt.strip() for shot in form.shots):
        return {"empty": True}
    try:
        entry = model_called(form.model or None)
        look = plan_look(models().looks_for(entry.name), form.look or None)
        found = price(entry, plan_shots(entry, form.asked(pictures), look), person)
    except Refused as refused:
        return {"refusal": refused.decision}
    if found.wait is None:
        wait = _("no worker is here now; it waits in the queue")
    else:
        wait = _("ready in %(span)s") % {"span": span_words(found.wait)}
    words = {"price": found, "wait": wait, "fits": "", "busy": ""}
    if found.busy:
        words["busy"] = ngettext(
            "You have %(n)s film under way; your cohort allows no more at once.",
            "You have %(n)s films under way; your cohort allows no more at once.",
            found.busy,
        ) % {"n": found.busy}
    if not found.fits:
        words["fits"] = _what_fits(entry, found.fitting, len(form.shots), found.left.free_seconds)
    return words


def _what_fits(entry: ModelEntry, fitting: int, shots: int, free: float) -> str:
    """What could be made with the quota that is left."""
    shortest = float(entry.seconds(entry.frames[0]))
    if fitting:
        return ngettext(
            "The first shot would fit; so would shorter shots.",
            "The first %(n)s shots would fit; so would shorter shots.",
            fitting,
        ) % {"n": fitting}
    count = int(free / shortest)
    if count:
        return ngettext(
            "%(n)s shot of %(seconds)s s would fit.", "%(n)s shots of %(seconds)s s would fit.", min(count, shots)
        ) % {"n": min(count, shots), "seconds": f"{shortest:g}"}
    return _("Nothing fits before midnight UTC; what you write is kept.")


def dock(form: DockForm, person: Person) -> dict[str, Any]:
    """Context of the dock: the form as typed, with what its model offers and what it would cost."""
    pictures = pictures_of(form, person)
    quote = quote_for(form, person, pictures)
    entry = entry_for(form.model)
    looks = models().looks_for(entry.name)
    form.fit(entry, looks)
    cards = [
        {
            "shot": shot,
            "picture": pictures.get(shot.reference_id) if shot.reference_id is not None else None,
        }
        for shot in form.shots
    ]
    return {
        "form": form,
        "cards": cards,
        "entry": entry,
        "tiers": tiers_for_select(),
        "looks": looks,
        "lengths": _lengths_of(entry),
        "follows": [{"value": value, "label": label} for value, label in Follows.choices]
        if entry.takes_reference
        else [],
        "default_length": f"{float(entry.seconds(entry.default_frames)):g}",
        "quote": quote,
        "total": sum(float(shot.length) for shot in form.shots),
        "unread": unread_in(form, entry),
        "spares": [len(form.shots) + number for number in (1, 2)],
    }


def unread_in(form: DockForm, entry: ModelEntry) -> Unread:
    """What the small model that ships does not read, in the order of the prompts; of no other model it can be told."""
    if entry.folder is None or entry.folder.parts[-2:] != ("sketch", "model"):
        return Unread()
    look = next((one for one in models().looks_for(entry.name) if one.name == form.look), None)
    prompts = [shot.prompt.strip() for shot in form.shots]
    unknown = tuple(dict.fromkeys(word for prompt in prompts for word in unknown_words(prompt)))
    asked = [look.applied(prompt) if look and prompt else prompt for prompt in prompts]
    ends = (left_unread(prompt, entry.max_sequence_length) for prompt in asked)
    return Unread(unknown[:MOST_NAMED], len(unknown[MOST_NAMED:]), tuple(end for end in ends if end))


def new_key() -> str:
    """Names an open page."""
    return uuid.uuid4().hex


def opening(asked: Mapping[str, str], actor: Actor) -> Opening:
    """Where the dock begins: a storyboard, a former film, a starter, a former prompt, or empty."""
    key = new_key()
    if asked.get("storyboard", "").isdigit():
        kept = storyboards_visible_to(actor).filter(pk=int(asked["storyboard"][:18])).first()
        if kept is None:
            return Opening(DockForm.of_draft(Draft(), key), _("This storyboard is not there."))
        draft, said = _with_a_model_that_is_here(draft_of(kept))
        if kept.deleted_at:
            said = _("This storyboard is among the deleted ones; writing in it brings it back.")
        return Opening(DockForm.of_draft(draft, key, storyboard=str(kept.pk), version=kept.version), said)
    for name in ("remix", "again"):
        if asked.get(name):
            return _former(asked[name], actor, key, exact=name == "again", tier=asked.get("tier", ""))
    starter = asked.get("starter", "")
    if starter.isdigit() and int(starter[:4]) < len(STARTERS):
        title, prompts = STARTERS[int(starter[:4])]
        return Opening(DockForm.of_draft(Draft(str(title), shots=tuple(DraftShot(one) for one in prompts)), key))
    if asked.get("prompt", "").isdigit():
        used = prompts_visible_to(actor).filter(pk=int(asked["prompt"][:18])).first()
        if used is not None:
            return Opening(DockForm.of_draft(Draft(shots=(DraftShot(used.text),)), key))
    return Opening(DockForm.of_draft(Draft(), key))


def _with_a_model_that_is_here(draft: Draft) -> tuple[Draft, str]:
    if not draft.model or draft.model in models_offered():
        return draft, ""
    said = _("%(model)s is not offered now; another model stands in its place.") % {"model": draft.model}
    return replace(draft, model=model_called(None).name, size="", look=""), said


def _former(asked: str, actor: Actor, key: str, *, exact: bool, tier: str) -> Opening:
    try:
        former = generations_visible_to(actor).filter(pk=uuid.UUID(asked)).first()
    except ValueError:
        former = None
    if former is None:
        return Opening(DockForm.of_draft(Draft(), key), _("This film is not there."))
    draft = draft_of_generation(former)
    said = ""
    partner = tier_partner(former.model, tier) if tier in {name for name, *_words in TIERS} else None
    if partner is not None:
        draft = replace(draft, model=partner.name, size="")
    else:
        draft, said = _with_a_model_that_is_here(draft)
    return Opening(DockForm.of_draft(draft if exact else draft.without_seeds(), key), said)


def draft_of_generation(generation: Generation) -> Draft:
    """A film as a storyboard that would make the very same one: seeds kept."""
    shots = tuple(
        DraftShot(
            prompt=shot.get("typed", shot["prompt"]),
            milliseconds=round(float(shot["frames"] / generation.fps) * 1000),
            seed=shot["seed"],
            follows=shot["follows"],
            reference_id=shot["reference"],
        )
        for shot in generation.snapshot["shots"]
    )
    look = generation.snapshot.get("look", {}).get("name", "")
    size = f"{generation.width}x{generation.height}"
    return Draft(generation.title, generation.model, size, look, shots)
