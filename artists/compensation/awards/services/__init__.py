"""Acts on awards, batches, grant rounds and applications."""

from .applying import Wish, hand_in, keep_application, take_back
from .approving import approve_award, approve_several, decline_award, end_unpaid, settle_award, void_award
from .batching import BatchLine, BatchPlan, make_batch, plan_batch
from .deciding import choose, decide_round, leave_out, reconsider
from .proposing import Promise, change_award, propose_award, submit_award, withdraw_award
from .rounds import Call, cancel_round, change_round, make_round, open_round

__all__ = [
    "BatchLine",
    "BatchPlan",
    "Call",
    "Promise",
    "Wish",
    "approve_award",
    "approve_several",
    "cancel_round",
    "change_award",
    "change_round",
    "choose",
    "decide_round",
    "decline_award",
    "end_unpaid",
    "hand_in",
    "keep_application",
    "leave_out",
    "make_batch",
    "make_round",
    "open_round",
    "plan_batch",
    "propose_award",
    "reconsider",
    "settle_award",
    "submit_award",
    "take_back",
    "void_award",
    "withdraw_award",
]
