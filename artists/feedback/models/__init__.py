"""The rows of feedback, one noun per file."""

from .letters import Cosignature, LetterAnswer, OpenLetter

__all__ = ["Cosignature", "LetterAnswer", "OpenLetter"]
