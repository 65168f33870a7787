"""Acts of open letters, by who does them."""

from .answering import answer_letter
from .signing import sign_letter, take_back_signature
from .writing import edit_letter, open_letter, withdraw_letter, write_letter

__all__ = [
    "answer_letter",
    "edit_letter",
    "open_letter",
    "sign_letter",
    "take_back_signature",
    "withdraw_letter",
    "write_letter",
]
