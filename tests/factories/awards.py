"""Awards, rounds and applications along their way, by the services people use."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from artists.compensation.awards import services
from artists.compensation.awards.services import Call, Promise, Wish
from artists.compensation.models import Application, Award, Fund, Round
from artists.people.models import Person


def shown() -> datetime:
    """A second factor, shown just now."""
    return timezone.now()


def promise(payee: Person, fund: Fund, amount: int = 30_000, **more: Any) -> Promise:
    """A fee."""
    return Promise(**({"payee": payee, "fund": fund, "amount": amount, "title": "Test footage"} | more))


def proposed(payee: Person, fund: Fund, *, by: Person, amount: int = 30_000, **more: Any) -> Award:
    """A draft."""
    return services.propose_award(promise(payee, fund, amount, **more), actor=by)


def submitted(payee: Person, fund: Fund, *, by: Person, amount: int = 30_000, **more: Any) -> Award:
    """An award that waits for approval."""
    return services.submit_award(proposed(payee, fund, by=by, amount=amount, **more), actor=by)


def yes(award: Award, by: Person, **more: Any) -> Award:
    """One person approves what the award says now."""
    given = {"digest": Award.objects.get(pk=award.pk).digest, "proof": shown()} | more
    return services.approve_award(award, actor=by, **given)


def approved(payee: Person, fund: Fund, *, by: Person, approvers: list[Person], amount: int = 30_000, **more: Any) -> Award:  # fmt: skip
    """An award that was promised."""
    award = submitted(payee, fund, by=by, amount=amount, **more)
    for person in approvers:
        award = yes(award, person)
    return award


def call(fund: Fund, **more: Any) -> Call:
    """Two grants of up to 200.00, open for a week."""
    now = timezone.now()
    values: dict[str, Any] = {
        "title": "Autumn grants",
        "call": "For films that could not be made otherwise.",
        "criteria": ["The idea", "That it can be done"],
        "fund": fund,
        "most_each": 20_000,
        "grants": 2,
        "opens_at": now - timedelta(hours=1),
        "closes_at": now + timedelta(days=7),
        "decided_by": now + timedelta(days=14),
    }
    return Call(**(values | more))


def opened(fund: Fund, *, by: Person, **more: Any) -> Round:
    """A round in which artists can apply."""
    return services.open_round(services.make_round(call(fund, **more), actor=by), actor=by)


def applied(found: Round, person: Person, amount: int = 15_000, text: str = "A film about rain.") -> Application:
    """An application that was handed in."""
    return services.hand_in(services.keep_application(found, Wish(text, (), amount), actor=person), actor=person)


def closed(found: Round) -> Round:
    """A round whose time is over."""
    now = timezone.now()
    Round.objects.filter(pk=found.pk).update(opens_at=now - timedelta(days=8), closes_at=now - timedelta(minutes=1))
    return Round.objects.select_related("fund").get(pk=found.pk)


REASONS = ["New to us.", "Within a month."]


def chosen(application: Application, *, by: Person, amount: int = 15_000) -> Application:
    """An application that was chosen."""
    return services.choose(application, actor=by, amount=amount, reasons=REASONS, answer="We want to see it.")


def left_out(application: Application, *, by: Person) -> Application:
    """One that was not."""
    return services.leave_out(application, actor=by, reasons=REASONS, answer="Another one was nearer to the call.")
