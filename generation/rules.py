"""Who may ask for films, stop them and look at them; what a worker may do."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from artists.people.rules import signed_in
from portal.access import ALLOWED, Actor, Decision, Kind, System, denied, rule
from portal.storage.exit import Purpose, register_purpose

from .gate import ANYTHING, Asked, may_generate, may_go_on
from .models import Clip, Generation, ReferenceImage, Storyboard, Take, UsedPrompt

WORKER = "worker"


def worker_only(actor: Actor) -> Decision:
    """Only the part of the system that renders."""
    if isinstance(actor, System) and actor.name == WORKER:
        return ALLOWED
    return denied("worker-only", _("Only a worker of the program does this."))


def _own(actor: Actor, owner_id: int) -> Decision:
    first = signed_in(actor)
    if not first:
        return first
    if actor.pk == owner_id:
        return ALLOWED
    return denied("not-found", _("There is nothing here under this address."), kind=Kind.MISSING)


@rule("generation.submit", who="artists in standing, doors open, agreement signed, quota left")
def submit(actor: Actor, asked: Asked | None) -> Decision:
    """The whole gate; quota is held in the same transaction."""
    return may_generate(actor, asked or ANYTHING)


@rule("generation.cancel", who="the artist whose generation it is")
def cancel(actor: Actor, generation: Generation) -> Decision:
    """Stopping one's own work is always possible, whatever the doors."""
    return _own(actor, generation.artist_id)


@rule("generation.see", who="the artist whose generation it is")
def see(actor: Actor, generation: Generation) -> Decision:
    """Prompts are private."""
    return _own(actor, generation.artist_id)


def not_deleted(clip: Clip) -> Decision:
    """Whether the clip lies outside the bin."""
    if clip.deleted_at is None:
        return ALLOWED
    todo = _("Its artist can restore it from the bin.") if clip.erased_at is None else ""
    return denied("clip-deleted", _("This film was deleted."), todo=todo, kind=Kind.GONE)


@rule("generation.see_clip", who="the artist whose clip it is, while it is not deleted")
def see_clip(actor: Actor, clip: Clip) -> Decision:
    """Looking at one's own clip, and saving it, in every state of the account short of deletion."""
    return _own(actor, clip.artist_id) and not_deleted(clip)


@rule("generation.see_poster", who="the artist whose clip it is, in the bin too")
def see_poster(actor: Actor, clip: Clip) -> Decision:
    """Who may restore a film must know which it is."""
    return _own(actor, clip.artist_id)


@rule("generation.arrange_clip", who="the artist whose clip it is, while it is not deleted")
def arrange_clip(actor: Actor, clip: Clip) -> Decision:
    """Stars and collections."""
    return see_clip(actor, clip)


@rule("generation.keep_collections", who="signed-in people, their own")
def keep_collections(actor: Actor, owner_id: int) -> Decision:
    """Make, rename and remove one's own collections."""
    return _own(actor, owner_id)


@rule("generation.delete_clip", who="the artist whose clip it is, unless it is shared or asked to be")
def delete_clip(actor: Actor, clip: Clip) -> Decision:
    """What holds a clip is asked by the act, see holds.py."""
    return _own(actor, clip.artist_id)


@rule("generation.restore_clip", who="the artist whose clip it is")
def restore_clip(actor: Actor, clip: Clip) -> Decision:
    """Back from the bin, in every state of the account."""
    return _own(actor, clip.artist_id)


@rule("generation.write_storyboard", who="anybody signed in, on storyboards of their own")
def write_storyboard(actor: Actor, storyboard: Storyboard | None) -> Decision:
    """Writing needs no open door: only asking for a film does."""
    return signed_in(actor) if storyboard is None else _own(actor, storyboard.owner_id)


@rule("generation.see_reference", who="the artist who gave the picture")
def see_reference(actor: Actor, picture: ReferenceImage) -> Decision:
    """Reference images are private."""
    return _own(actor, picture.owner_id)


@rule("generation.forget_prompt", who="anybody signed in, of their own prompts")
def forget_prompt(actor: Actor, prompt: UsedPrompt | None) -> Decision:
    """The memory of prompts is the artist's to clear."""
    return signed_in(actor) if prompt is None else _own(actor, prompt.owner_id)


@rule("generation.claim_take", who="a worker, while the gate is open for the artist")
def claim_take(actor: Actor, take: Take) -> Decision:
    """The gate is asked again before GPU time is spent."""
    first = worker_only(actor)
    return first and may_go_on(take.generation)


@rule("generation.finish", who="a worker, while the gate is open for the artist")
def finish(actor: Actor, generation: Generation) -> Decision:
    """The gate is asked a last time before the clip is handed over."""
    first = worker_only(actor)
    return first and may_go_on(generation)


@rule("generation.resume", who="a worker, when the gate is open again")
def resume(actor: Actor, generation: Generation) -> Decision:
    """A paused generation goes on where it stopped."""
    first = worker_only(actor)
    return first and may_go_on(generation)


@rule("generation.return", who="a worker; the artist who stops a generation")
def give_back(actor: Actor, reservation: Any) -> Decision:
    """Quota goes back with whatever ended the generation."""
    return ALLOWED if worker_only(actor) else _own(actor, reservation.generation.artist_id)


@rule("generation.drop_take", who="a worker; the artist who stops a generation")
def drop_take(actor: Actor, take: Take) -> Decision:
    """Takes end with their generation."""
    return ALLOWED if worker_only(actor) else _own(actor, take.artist_id)


for _action in (
    "generation.start",
    "generation.pause",
    "generation.fail",
    "generation.refuse",
    "generation.ready_take",
    "generation.hand_back_take",
    "generation.finish_take",
    "generation.fail_take",
    "generation.settle",
    "generation.erase_clip",
):
    rule(_action, who="a worker")(lambda actor, subject: worker_only(actor))  # noqa: ARG005 - the table's signature

register_purpose(Purpose("clip", "generation.see_clip"))
register_purpose(Purpose("reference", "generation.see_reference"))
register_purpose(Purpose("poster", "generation.see_poster"))
register_purpose(Purpose("filmstrip", "generation.see_clip"))
register_purpose(Purpose("download", "generation.see_clip", saved=True))
