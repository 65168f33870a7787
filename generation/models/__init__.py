"""Rows of generation: one noun per file."""

from .clips import Clip
from .cliptexts import ClipText
from .collections import Collected, Collection
from .generations import Generation
from .prompts import UsedPrompt
from .quota import Allowance, Reservation
from .storyboards import Follows, ReferenceImage, Shot, Storyboard
from .takes import Take, Turn
from .workers import WorkerSighting

__all__ = [
    "Allowance",
    "Clip",
    "ClipText",
    "Collected",
    "Collection",
    "Follows",
    "Generation",
    "ReferenceImage",
    "Reservation",
    "Shot",
    "Storyboard",
    "Take",
    "Turn",
    "UsedPrompt",
    "WorkerSighting",
]
