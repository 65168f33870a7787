"""The gate: whether an artist may generate now. Asked in full at submit, and again at claim, between shots and at the end."""

from dataclasses import dataclass

from artists.agreements.standing import agreement_signed, good_standing
from artists.people.models import AccessToken
from artists.people.rules import token_valid
from portal.access import Actor, Decision
from portal.program.queries import the_program
from portal.program.rules import doors_open
from portal.program.stopping import not_suspended
from portal.program.sunset import before_sunset

from .models import Generation


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for besides the film: the model, and the token that asks. `begun`: work that is under way."""

    model: str = ""
    token: AccessToken | None = None
    begun: bool = False


ANYTHING = Asked()


def may_generate(artist: Actor, asked: Asked = ANYTHING) -> Decision:
    """Program open -> cohort open -> nothing suspended -> artist in standing -> token valid -> agreement in force.

    Never cached; fails closed. Quota is asked at submit only: from then on the generation's own reservation counts.
    """
    token_id = None if asked.token is None else asked.token.pk
    decision = not_suspended(artist, model=asked.model, token_id=token_id, begun=asked.begun)
    if not decision:
        return decision
    # Read once for its doors and for its end, and after the question above: that one holds off stops inside an act.
    program = the_program()
    decision = doors_open(artist, program)
    decision = decision and (decision if asked.begun else before_sunset(program)) and good_standing(artist)
    if decision and asked.token is not None:
        decision = token_valid(asked.token)
    return decision and agreement_signed(artist)


def may_go_on(generation: Generation) -> Decision:
    """The gate for a film that was asked for: everything is read afresh, also the person and the token.

    One that was started may end under a suspension that lets running work finish.
    """
    fresh = Generation.objects.select_related("artist", "token").get(pk=generation.pk)
    return may_generate(fresh.artist, Asked(fresh.model, fresh.token, begun=fresh.started_at is not None))
