"""The kinds of notices that consent sends, each with what it says."""

from django.utils.translation import gettext_lazy as _

from portal.notices.kinds import CONSENT, DESK, Kind, Sample, register_kind

_PROOF = _("It is your proof of what you allowed, and of what you took back.")

register_kind(
    Kind(
        "consent.asked",
        _("The program asks to use a work of yours"),
        family=CONSENT,
        sample=Sample(
            _("The program asks to use a work of yours"),
            _("Nothing happens without your yes. No answer is a no."),
            "/me/uses/",
        ),
    )
)
register_kind(
    Kind(
        "consent.replied",
        _("The program answered your question about a use"),
        family=CONSENT,
        sample=Sample(_("Your question was answered"), url="/me/uses/"),
    )
)
register_kind(
    Kind(
        "consent.given",
        _("A consent is in force: your receipt"),
        family=CONSENT,
        binding=True,
        why=_PROOF,
        sample=Sample(
            _("Your receipt of a consent"), _("It can be withdrawn at any time on the same page."), "/me/uses/"
        ),
    )
)
register_kind(
    Kind(
        "consent.settled",
        _("A consent request is settled"),
        family=CONSENT,
        sample=Sample(_("A consent request came to nothing"), url="/me/uses/"),
    )
)
register_kind(
    Kind(
        "consent.withdrawn",
        _("A consent was withdrawn"),
        family=CONSENT,
        binding=True,
        why=_PROOF,
        sample=Sample(_("A consent was withdrawn"), url="/me/uses/"),
    )
)
register_kind(
    Kind(
        "consent.used",
        _("A work of yours was used"),
        family=CONSENT,
        sample=Sample(_("A work of yours was used"), url="/me/uses/"),
    )
)
register_kind(
    Kind(
        "consent.called",
        _("A delegate of your cohort calls on you"),
        family=CONSENT,
        sample=Sample(
            _("%(name)s calls on your cohort to pause all consents"),
            url="/me/uses/pause/",
            fill={"name": "Ben Castell"},
        ),
    )
)
register_kind(
    Kind(
        "consent.desk",
        _("Something for the consent desk"),
        family=DESK,
        sample=Sample(_("An artist has a question about a consent request"), url="/staff/consents/"),
    )
)
