"""Who may do what: decisions, the table of rules, and the one way to ask them."""

from .actors import ANONYMOUS, Actor, Anonymous, System
from .decisions import ALLOWED, Decision, Kind, Refused, denied
from .rules import Rule, UnknownAction, check, register_rules, require, rule, table

__all__ = [
    "ALLOWED",
    "ANONYMOUS",
    "Actor",
    "Anonymous",
    "Decision",
    "Kind",
    "Refused",
    "Rule",
    "System",
    "UnknownAction",
    "check",
    "denied",
    "register_rules",
    "require",
    "rule",
    "table",
]
