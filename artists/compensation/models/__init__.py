"""Contributions, the ledger, awards, payments and what is known of them at the rail."""

from .awards import Approval, Award, Batch
from .contributions import Contribution, Dispute
from .ledger import Account, Entry, Fund
from .payments import Attempt, Payment, Payout, PayProfile, RailAccount, Return
from .reconciling import Finding, RailEvent, Reconciliation
from .rounds import Application, Round
from .service_letters import ServiceLetter

__all__ = [
    "Account",
    "Application",
    "Approval",
    "Attempt",
    "Award",
    "Batch",
    "Contribution",
    "Dispute",
    "Entry",
    "Finding",
    "Fund",
    "PayProfile",
    "Payment",
    "Payout",
    "RailAccount",
    "RailEvent",
    "Reconciliation",
    "Return",
    "Round",
    "ServiceLetter",
]
