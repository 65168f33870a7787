"""The program, its cohorts, who is in which, and what stops them."""

from .announcements import Announcement, Dismissal
from .cohorts import Cohort, Membership
from .leaving import Leaving
from .program import Program
from .statements import Statement, StatementKind
from .suspensions import Epoch, Lookout, Suspension

__all__ = [
    "Announcement",
    "Cohort",
    "Dismissal",
    "Epoch",
    "Leaving",
    "Lookout",
    "Membership",
    "Program",
    "Statement",
    "StatementKind",
    "Suspension",
]
