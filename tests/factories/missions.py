"""Missions along their way, by the services people use."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from artists.feedback.missions import services
from artists.feedback.missions.services import Wanted, Work
from artists.feedback.models import Mission, MissionPlace
from artists.people.models import Person


def wanted(**more: Any) -> Wanted:
    """Two hours of testing, two places, a week."""
    values = {
        "kind": "test",
        "title": "Try the new tier",
        "about": "Make three films and say what breaks.",
        "hours": Decimal(2),
        "contribution": "mission.hour",
        "places": 2,
        "closes_at": timezone.now() + timedelta(days=7),
    }
    return Wanted(**(values | more))


def posted(staff: Person, **more: Any) -> Mission:
    """A mission whose places can be taken."""
    return services.post_mission(services.make_mission(wanted(**more), actor=staff), actor=staff)[0]


def work(text: str = "Hands melt at frame 12.", hours: str = "1.5", *links: str) -> Work:
    """What is delivered."""
    return Work(text, Decimal(hours), links)


def delivered(mission: Mission, person: Person, **more: Any) -> MissionPlace:
    """A place, taken and delivered."""
    place = services.take_place(mission, actor=person)
    return services.deliver_work(place, work(**more), actor=person)
