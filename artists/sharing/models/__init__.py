"""Share requests, decisions, releases, and the terms they stand under."""

from .decisions import Conflict, Decision, DecisionDraft, Note, Outcome, Question, Sitting
from .releases import Concern, Release
from .requests import Collaborator, ShareRequest
from .terms import Consequence, GroundWording, Terms

__all__ = [
    "Collaborator",
    "Concern",
    "Conflict",
    "Consequence",
    "Decision",
    "DecisionDraft",
    "GroundWording",
    "Note",
    "Outcome",
    "Question",
    "Release",
    "ShareRequest",
    "Sitting",
    "Terms",
]
