"""Requests from before the clock get one; the refusals of before, which stand on no published ground, end."""

from datetime import timedelta

from django.db import migrations
from django.utils import timezone

HOURS = 72


def bring_under_terms(apps, schema_editor):
    """Every request under the default terms, with a clock that starts now where it waits."""
    requests = apps.get_model("sharing", "ShareRequest").objects
    if not requests.exists():
        return
    now = timezone.now()
    terms = apps.get_model("sharing", "Terms").objects.create(hours=HOURS, since=now, by_label="system: defaults")
    decisions = apps.get_model("sharing", "Decision").objects
    groundless = decisions.filter(outcome="refused")
    requests.filter(pk__in=groundless.values("request")).update(state="expired", ended_how="ground")
    groundless.delete()
    decisions.update(told_at=now)
    for request in requests.select_related("clip__film"):
        request.terms = terms
        request.scope = f"|{' '.join(request.destination.casefold().split())}"[:400]
        request.film_sha256 = request.clip.film.sha256
        if request.state == "in_review":
            request.clock_from, request.clock_left = now, HOURS * 3600
            request.due_at = now + timedelta(hours=HOURS)
        request.save()


class Migration(migrations.Migration):
    dependencies = [("sharing", "0003_grounds_clock_and_review"), ("generation", "0001_initial")]
    operations = [migrations.RunPython(bring_under_terms, migrations.RunPython.noop)]
