"""Acts on bug reports, by who does them."""

from .reporting import Reported, report_bug
from .talking import write
from .triage import Moved, Verdict, merge_bug, move_bug, move_bugs

__all__ = ["Moved", "Reported", "Verdict", "merge_bug", "move_bug", "move_bugs", "report_bug", "write"]
