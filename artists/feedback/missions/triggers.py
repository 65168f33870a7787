"""No seat beyond the places of a mission."""

from artists.feedback.guards import Guard

_BEYOND = "NEW.seat > (SELECT m.places FROM feedback_mission m WHERE m.id = NEW.mission_id)"
GUARDS = tuple(Guard("feedback_missionplace", act, _BEYOND, "seat-beyond") for act in ("INSERT", "UPDATE"))
