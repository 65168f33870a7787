"""The rows of feedback, one noun per file."""

from .bugs import BugMessage, BugReport
from .critique import Critique, CritiqueWeek
from .missions import Mission, MissionPlace
from .roadmap import RoadmapItem, RoadmapSource
from .surveys import Answer, FeedbackForm, FormVersion, Question, Response

__all__ = [
    "Answer",
    "BugMessage",
    "BugReport",
    "Critique",
    "CritiqueWeek",
    "FeedbackForm",
    "FormVersion",
    "Mission",
    "MissionPlace",
    "Question",
    "Response",
    "RoadmapItem",
    "RoadmapSource",
]
