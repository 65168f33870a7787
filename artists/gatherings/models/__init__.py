"""Gatherings, seats at them, and calendar addresses."""

from .feeds import Feed
from .gatherings import Gathering
from .seats import Seat

__all__ = ["Feed", "Gathering", "Seat"]
