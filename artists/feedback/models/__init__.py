"""The rows of feedback, one noun per file."""

from .bugs import BugMessage, BugReport
from .roadmap import RoadmapItem, RoadmapSource

__all__ = ["BugMessage", "BugReport", "RoadmapItem", "RoadmapSource"]
