"""What artists say, by its nouns."""

from .critique import Critique, CritiqueWeek
from .missions import Mission, MissionPlace
from .surveys import Answer, FeedbackForm, FormVersion, Question, Response

__all__ = [
    "Answer",
    "Critique",
    "CritiqueWeek",
    "FeedbackForm",
    "FormVersion",
    "Mission",
    "MissionPlace",
    "Question",
    "Response",
]
