"""Acts of sharing, by who does them."""

from .asking import Ask, answer, confirm, decline, record_read, request_share, rewrite, save_draft, send, withdraw
from .clockwork import expire, run_out, tell_rested
from .concerns import report_concern
from .deciding import approve, question, refuse, revoke, tell_now, undo
from .overseeing import (
    Assigned,
    Promise,
    answer_concern,
    assign,
    publish_terms,
    refusal_of_assignment,
    reset_ground,
    terms_of,
    word_ground,
)
from .reviewing import (
    add_note,
    beat,
    discard_draft,
    give_back,
    keep_draft,
    remove_note,
    stand_back,
    take,
    take_back,
)
from .showing import record_shown

__all__ = [
    "Ask",
    "Assigned",
    "Promise",
    "add_note",
    "answer",
    "answer_concern",
    "approve",
    "assign",
    "beat",
    "confirm",
    "decline",
    "discard_draft",
    "expire",
    "give_back",
    "keep_draft",
    "publish_terms",
    "question",
    "record_read",
    "record_shown",
    "refusal_of_assignment",
    "refuse",
    "remove_note",
    "report_concern",
    "request_share",
    "reset_ground",
    "revoke",
    "rewrite",
    "run_out",
    "save_draft",
    "send",
    "stand_back",
    "take",
    "take_back",
    "tell_now",
    "tell_rested",
    "terms_of",
    "undo",
    "withdraw",
    "word_ground",
]
