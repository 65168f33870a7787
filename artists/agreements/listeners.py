"""What follows from news: the signed text on paper and a copy by mail; everybody bound hears of a new version."""

from datetime import UTC, datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from artists.people.models import Person
from portal.happenings import listen
from portal.notices.kinds import STANDING, Kind, Sample, register_kind
from portal.notices.services import tell
from portal.storage.shelf import store_bytes

from .models import AgreementVersion, Signature
from .news import AgreementPublished, AgreementSigned

_SIGNED = _("You signed: %(title)s")
_COPY = _("Behind the link are the exact text, your signature and both as a PDF to keep.")
_PUBLISHED = _("New version: %(title)s")
_ANSWER = _(
    "You can compare it with what you signed, accept it, decline it or decide later, until %(date)s. "
    "Reading and saving your works does not depend on it."
)
_TITLE = {"title": "Early access agreement"}

register_kind(
    Kind(
        "agreements.signed",
        _("The copy of what you signed"),
        family=STANDING,
        binding=True,
        why=_("What you signed binds you; its copy is yours to keep."),
        sample=Sample(_SIGNED, _COPY, "/agreement/", _("Open the copy"), _TITLE),
    )
)
register_kind(
    Kind(
        "agreements.published",
        _("A new version of an agreement"),
        family=STANDING,
        binding=True,
        why=_("You have until a date to answer, and what you may do depends on it."),
        sample=Sample(
            _PUBLISHED,
            _ANSWER,
            "/agreement/",
            _("Compare and answer"),
            _TITLE | {"date": datetime(2026, 12, 8, 12, tzinfo=UTC)},
        ),
    )
)


@listen(AgreementSigned, name="agreements.make_paper")
def make_paper(news: AgreementSigned) -> None:
    """Print what was signed, once, and write where it is. The mail carries a link and no file."""
    signature = Signature.objects.select_related("version__agreement", "person", "paper").get(pk=news.signature)
    if signature.paper is None:
        name = f"{signature.version.agreement.slug}-v{signature.version.number}.pdf"
        # Setting type takes 5 MB of libraries: a process that never prints does without.
        from .paper import paper_of

        data = paper_of(signature)
        paper = store_bytes(data, folder="signatures", name=name, content_type="application/pdf")
        Signature.objects.filter(pk=signature.pk, paper=None).update(paper=paper)
    tell(
        signature.person,
        "agreements.signed",
        key=f"signed:{signature.pk}",
        title=_SIGNED,
        body=_COPY,
        url=reverse("signature", args=[signature.pk]),
        button=_("Open the copy"),
        fill={"title": signature.version.agreement.title},
    )


@listen(AgreementPublished, name="agreements.tell_published")
def tell_published(news: AgreementPublished) -> None:
    """Who signed an earlier version hears what changed and until when there is time."""
    version = AgreementVersion.objects.select_related("agreement").get(pk=news.version)
    bound = Signature.objects.filter(version__agreement=version.agreement, version__number__lt=version.number)
    for person in Person.objects.filter(pk__in=bound.values("person"), is_active=True):
        if version.deadline is None:
            return
        tell(
            person,
            "agreements.published",
            key=f"published:{version.pk}",
            title=_PUBLISHED,
            body=_ANSWER,
            url=reverse("agreement"),
            button=_("Compare and answer"),
            fill={"title": version.agreement.title, "date": version.deadline},
        )
