"""Which browsers look again when a generation or a take moves, or a worker gets on: its artist's."""

from datetime import timedelta

from portal.events.publish import publish, signal_moves, to_person

from .models import Generation, Take

PROGRESS_EVERY = timedelta(seconds=1)


def job_subject(generation_id: object) -> str:
    """The id of a generation's job card on a page."""
    return f"job-{generation_id}"


def tell_progress(take: Take) -> bool:
    """A worker got on with this take; told once a second for a whole generation, however many workers it has."""
    return publish(to_person(take.artist_id), job_subject(take.generation_id), at_most_every=PROGRESS_EVERY)


signal_moves(Generation, lambda row: [(to_person(row.artist_id), job_subject(row.pk))])
signal_moves(Take, lambda row: [(to_person(row.artist_id), job_subject(row.generation_id))])
