import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


def keep_links(apps, schema_editor):
    """Each invitation's one digest becomes its first link."""
    invitation = apps.get_model("invitations", "Invitation")
    link = apps.get_model("invitations", "InvitationLink")
    link.objects.bulk_create(
        [link(invitation_id=pk, digest=digest) for pk, digest in invitation.objects.values_list("pk", "digest")]
    )


def close_doubles(apps, schema_editor):
    """One open invitation for each address and role: the newest stays, older ones are withdrawn."""
    seen = set()
    for row in apps.get_model("invitations", "Invitation").objects.filter(state="sent").order_by("-sent_at", "-pk"):
        if (row.email, row.role) in seen:
            row.state = "withdrawn"
            row.save(update_fields=["state"])
        seen.add((row.email, row.role))


class Migration(migrations.Migration):
    dependencies = [
        ("invitations", "0002_initial"),
        ("program", "0003_cohort"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="InvitationLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                (
                    "invitation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="links", to="invitations.invitation"
                    ),
                ),
            ],
        ),
        migrations.RunPython(keep_links, migrations.RunPython.noop),
        migrations.RunPython(close_doubles, migrations.RunPython.noop),
    ]
