"""The table of rules: one function per action, registered beside the states it protects."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

from .actors import Actor
from .decisions import Decision, Refused

Answer: TypeAlias = Callable[[Actor, Any], Decision]


class UnknownAction(LookupError):
    """Nobody registered a rule for this action: a mistake in the code, never a quiet no."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table that `manage.py rules` prints."""

    action: str
    who: str
    answer: Answer

    @property
    def subject(self) -> str:
        """The subject an action belongs to: the part before the dot."""
        return self.action.partition(".")[0]


_RULES: dict[str, Rule] = {}


def rule(action: str, *, who: str) -> Callable[[Answer], Answer]:
    """Register the decorated function as the rule of `action`; `who` says in words who may."""

    def register(answer: Answer) -> Answer:
        register_rules([Rule(action, who, answer)])
        return answer

    return register


def register_rules(rules: Iterable[Rule]) -> None:
    """Add rules to the table; a second rule for one action is a mistake."""
    for new in rules:
        known = _RULES.get(new.action)
        if known is not None and known.answer is not new.answer:
            message = f"two rules for {new.action!r}"
            raise ValueError(message)
        _RULES[new.action] = new


def check(action: str, actor: Actor, subject: Any = None) -> Decision:
    """Ask the rule of `action` whether `actor` may do it to `subject`. Raises UnknownAction."""
    try:
        found = _RULES[action]
    except KeyError:
        raise UnknownAction(action) from None
    return found.answer(actor, subject)


def require(action: str, actor: Actor, subject: Any = None) -> None:
    """Ask, and raise Refused on a no."""
    decision = check(action, actor, subject)
    if not decision:
        raise Refused(action, decision)


def table() -> list[Rule]:
    """All rules, by action."""
    return [_RULES[action] for action in sorted(_RULES)]
