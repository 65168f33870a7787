"""The rows of feedback, one noun per file."""

from .bugs import BugMessage, BugReport
from .critique import Critique, CritiqueWeek
from .letters import Cosignature, LetterAnswer, OpenLetter
from .missions import Mission, MissionPlace
from .roadmap import RoadmapItem, RoadmapSource
from .surveys import Answer, FeedbackForm, FormVersion, Question, Response

__all__ = [
    "Answer",
    "BugMessage",
    "BugReport",
    "Cosignature",
    "Critique",
    "CritiqueWeek",
    "FeedbackForm",
    "FormVersion",
    "LetterAnswer",
    "Mission",
    "MissionPlace",
    "OpenLetter",
    "Question",
    "Response",
    "RoadmapItem",
    "RoadmapSource",
]
