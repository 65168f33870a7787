"""Acts of feedback forms, by who does them."""

from .answering import Film, Said, forget_draft, keep_response, send_response
from .building import (
    Asked,
    Frame,
    add_question,
    change_question,
    draft_version,
    make_form,
    move_question,
    remove_question,
    set_form,
    write_version,
)
from .running import end_form, publish_version, reopen_form, tell_outcome

__all__ = [
    "Asked",
    "Film",
    "Frame",
    "Said",
    "add_question",
    "change_question",
    "draft_version",
    "end_form",
    "forget_draft",
    "keep_response",
    "make_form",
    "move_question",
    "publish_version",
    "remove_question",
    "reopen_form",
    "send_response",
    "set_form",
    "tell_outcome",
    "write_version",
]
