"""Who may ask, answer, withdraw, record a use, pause, call and look."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from artists.people.roles import Role
from artists.people.rules import holding, signed_in
from generation.rules import not_deleted
from portal.access import ALLOWED, Actor, Decision, Kind, System, denied, rule
from portal.storage.exit import Purpose, register_purpose

from .models import Answer, AskedWork, Consent, Pause

NOT_THERE = denied("not-found", _("There is nothing here under this address."), kind=Kind.MISSING)


def _staff(actor: Actor, subject: Any) -> Decision:  # noqa: ARG001 - the table's signature
    return holding(actor, Role.STAFF, Role.OPERATOR)


def _by_person(actor: Actor) -> Decision:
    """In a browser, by the person: neither a token nor a command consents, and nobody does it viewing as them."""
    first = signed_in(actor)
    if first and getattr(actor, "only_looks", False):
        return denied("viewing-only", _("Whoever views as an artist looks, and answers nothing."))
    return first


@rule("consent.ask", who="staff, operators")
def ask(actor: Actor, subject: Any) -> Decision:
    """Asking artists for a use of their works."""
    return _staff(actor, subject)


@rule("consent.take_back", who="staff, operators")
def take_back(actor: Actor, subject: Any) -> Decision:
    """No longer asking."""
    return _staff(actor, subject)


@rule("consent.answer", who="each author of the work, themselves, in every standing")
def answer(actor: Actor, given: Answer) -> Decision:
    """A yes, limits, a no or a question. Being suspended takes nobody's say over their own works."""
    return _by_person(actor) and (ALLOWED if given.person_id == actor.pk else NOT_THERE)


@rule("consent.see_film", who="each author who is or was asked, while its artist keeps the film")
def see_film(actor: Actor, given: Answer) -> Decision:
    """Whoever is asked sees what it is about."""
    first = signed_in(actor) and (ALLOWED if given.person_id == actor.pk else NOT_THERE)
    return first and not_deleted(given.work.clip)


for _action in ("consent.say_yes", "consent.say_no"):
    rule(_action, who="each author of the work, themselves, in every standing")(answer)


@rule("consent.reply", who="staff, operators")
def reply(actor: Actor, given: Answer) -> Decision:
    """Answering what an author asked back."""
    return _staff(actor, given)


@rule("consent.give", who="the system, when all authors have said yes")
def give(actor: Actor, work: AskedWork) -> Decision:
    """A consent comes to be."""
    if isinstance(actor, System) and not work.answers.exclude(state="yes").exists():
        return ALLOWED
    return denied("authors-open", _("Not all who made it have said yes."), kind=Kind.CONFLICT)


@rule("consent.decline", who="the system, when one author has said no")
def decline(actor: Actor, work: AskedWork) -> Decision:
    """One no is enough."""
    no = isinstance(actor, System) and work.answers.filter(state="no").exists()
    return ALLOWED if no else denied("authors-open", _("Nobody has said no."), kind=Kind.CONFLICT)


@rule("consent.narrow_out", who="the system, when the limits of all authors leave nothing")
def narrow_out(actor: Actor, work: AskedWork) -> Decision:
    """Everybody said yes, each to something else."""
    return give(actor, work)


@rule("consent.lapse", who="the clock, when the time to answer is over")
def lapse(actor: Actor, work: AskedWork) -> Decision:  # noqa: ARG001 - the table's signature
    """Silence is no."""
    return ALLOWED if isinstance(actor, System) else denied("clock-only", _("Only the clock does this."))


@rule("consent.withdraw", who="each author of the work, themselves, at any time, in every standing")
def withdraw(actor: Actor, consent: Consent) -> Decision:
    """One of them is enough."""
    first = _by_person(actor)
    return first and (ALLOWED if consent.grants.filter(person_id=actor.pk).exists() else NOT_THERE)


@rule("consent.see", who="its authors; staff, operators")
def see(actor: Actor, consent: Consent) -> Decision:
    """A consent with its receipt."""
    if consent.grants.filter(person_id=actor.pk).exists():
        return signed_in(actor)
    return ALLOWED if _staff(actor, consent) else NOT_THERE


@rule("consent.record_use", who="staff, operators; only under a live consent")
def record_use(actor: Actor, consent: Consent) -> Decision:
    """What the program did with a work."""
    return _staff(actor, consent)


@rule("consent.oversee", who="staff, operators")
def oversee(actor: Actor, subject: Any) -> Decision:
    """The consent desk."""
    return _staff(actor, subject)


@rule("consent.prefer", who="artists, for themselves")
def prefer(actor: Actor, subject: Any) -> Decision:  # noqa: ARG001 - the table's signature
    """What somebody decides beforehand."""
    return _by_person(actor) and holding(actor, Role.ARTIST)


@rule("consent.pause", who="artists, for themselves")
def pause(actor: Actor, subject: Any) -> Decision:  # noqa: ARG001 - the table's signature
    """The union switch."""
    return _by_person(actor) and holding(actor, Role.ARTIST)


@rule("consent.resume", who="the artist whose consents rest; nobody else")
def resume(actor: Actor, found: Pause) -> Decision:
    """Before its date."""
    return _by_person(actor) and (ALLOWED if found.person_id == actor.pk else NOT_THERE)


@rule("consent.name_delegate", who="artists, for the cohort they are in")
def name_delegate(actor: Actor, subject: Any) -> Decision:  # noqa: ARG001 - the table's signature
    """Whom one lets call on one."""
    return _by_person(actor) and holding(actor, Role.ARTIST)


@rule("consent.call", who="whom more than half of the other artists of a cohort named")
def call(actor: Actor, cohort: Any) -> Decision:
    """Asking the members of a cohort to pause their consents."""
    from .queries import is_delegate

    first = _by_person(actor)
    if not first or is_delegate(actor, cohort):
        return first
    words = _("More than half of the other artists of your cohort must have named you.")
    return denied("not-a-delegate", words, todo=_("Ask them to, on the page of the cohort."))


@rule("consent.export_training", who="staff, operators; only works with a live consent of all authors")
def export_training(actor: Actor, subject: Any) -> Decision:
    """Taking works out to train a model with them."""
    return _staff(actor, subject)


register_purpose(Purpose("consent", "consent.see_film"))
register_purpose(Purpose("consent_training", "consent.export_training", saved=True))
