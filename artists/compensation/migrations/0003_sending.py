"""Know when an attempt is looked at next, and each call that takes money back."""

import uuid

import django.db.models.deletion
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Q

from artists.compensation.triggers import guard, lift

STATES = ["prepared", "accepted", "refused", "unknown"]


def put(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Put the triggers in place."""
    del apps
    guard(editor)


def take_away(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Take them away: SQLite makes a table anew for a column with a default, and drops its triggers with the old one."""
    del apps
    lift(editor)


class Migration(migrations.Migration):
    dependencies = [("compensation", "0002_guards"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.RunPython(take_away, put),
        migrations.AddField(
            model_name="attempt",
            name="due_at",
            field=models.DateTimeField(
                help_text="when somebody looks how it ended; empty: it is known, or a person looks", null=True
            ),
        ),
        migrations.CreateModel(
            name="Return",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.PositiveSmallIntegerField()),
                ("key", models.CharField(help_text="idempotency key; one key, one frozen request", max_length=120, unique=True)),
                ("transfer", models.CharField(blank=True, help_text="what it takes from; empty: came back by hand", max_length=80)),
                ("amount", models.BigIntegerField(help_text="minor units")),
                ("state", models.CharField(choices=[("prepared", "prepared"), ("accepted", "accepted"), ("refused", "refused"), ("unknown", "not known")], default="prepared", max_length=10)),
                ("reversal", models.CharField(blank=True, help_text="its id at the rail, or the reference of a bank", max_length=120)),
                ("reason", models.CharField(help_text="its artist reads it", max_length=300)),
                ("code", models.CharField(blank=True, max_length=80)),
                ("words", models.CharField(blank=True, max_length=300)),
                ("by_label", models.CharField(max_length=200)),
                ("began_at", models.DateTimeField()),
                ("called_at", models.DateTimeField(help_text="of the last call with this key")),
                ("due_at", models.DateTimeField(help_text="when somebody looks how it ended", null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("by", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("payment", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="returns", to="compensation.payment")),
            ],
            options={
                "ordering": ["number"],
                "constraints": [
                    models.CheckConstraint(condition=Q(state__in=STATES), name="pay_return_state_known"),
                    models.CheckConstraint(condition=Q(amount__gt=0), name="pay_return_above_zero"),
                    models.UniqueConstraint(fields=("payment", "number"), name="pay_return_numbered"),
                    models.UniqueConstraint(condition=Q(state__in=["prepared", "unknown"]), fields=("payment",), name="pay_return_one_open"),
                ],
            },
        ),
        migrations.RunPython(put, take_away),
    ]
