"""The kinds of notices that sharing sends, each with what it says."""

from django.utils.translation import gettext_lazy as _

from portal.notices.kinds import DESK, EVERYBODY, SHARING, Kind, Sample, register_kind

_NAMES = {"name": "Ben Castell"}

register_kind(
    Kind(
        "sharing.asked",
        _("A share request waits for a decision"),
        family=DESK,
        sample=Sample(_("A share request waits for a decision"), url="/review/"),
    )
)
register_kind(
    Kind(
        "sharing.assigned",
        _("Share requests were assigned to you"),
        family=DESK,
        sample=Sample(_("Share requests were assigned to you"), url="/review/"),
    )
)
register_kind(
    Kind(
        "sharing.answered",
        _("An artist answered your question"),
        family=DESK,
        sample=Sample(_("Your question was answered"), url="/review/"),
    )
)
register_kind(
    Kind(
        "sharing.concern",
        _("Somebody reported a concern about a public work"),
        family=DESK,
        sample=Sample(_("Somebody reported a concern about a public work"), url="/staff/concerns/"),
    )
)
register_kind(
    Kind(
        "sharing.decided",
        _("A share request was decided"),
        family=SHARING,
        sample=Sample(
            _("Your share request was refused"),
            _("The ground and the reason are on its page. You may appeal."),
            "/sharing/",
        ),
    )
)
register_kind(
    Kind(
        "sharing.question",
        _("A reviewer asks about your share request"),
        family=SHARING,
        sample=Sample(
            _("A reviewer has a question about your share request"),
            _("The clock stands until you answer."),
            "/sharing/",
        ),
    )
)
register_kind(
    Kind(
        "sharing.collaborator",
        _("You are named as having made a work too"),
        family=SHARING,
        sample=Sample(
            _("%(name)s names you as having made a work too"),
            _("Nothing is sent to review before you say yes."),
            "/sharing/",
            fill=_NAMES,
        ),
    )
)
register_kind(
    Kind(
        "sharing.confirmed",
        _("A collaborator answered"),
        family=SHARING,
        sample=Sample(_("%(name)s confirmed your share request"), url="/sharing/", fill=_NAMES),
    )
)
register_kind(
    Kind(
        "sharing.late",
        _("The clock of a share request ran out"),
        family=SHARING,
        concerns=EVERYBODY,
        sample=Sample(
            _("Your share request is late"),
            _("Nobody decided in time. The program staff have it now, and the delay is counted in public."),
            "/sharing/",
        ),
    )
)
register_kind(
    Kind(
        "sharing.ended",
        _("A share request or an approval ended"),
        family=SHARING,
        sample=Sample(
            _("The time for which a work was shared is over"), _("You may ask again at any time."), "/sharing/"
        ),
    )
)
