"""Acts on contributions."""

from .counting import count_agreed, count_by_tariff, let_go, split, take_into_award
from .disputing import answer_dispute, open_dispute, withdraw_dispute

__all__ = [
    "answer_dispute",
    "count_agreed",
    "count_by_tariff",
    "let_go",
    "open_dispute",
    "split",
    "take_into_award",
    "withdraw_dispute",
]
