"""The grounds on which a share request may be refused: a closed list, published on /grounds/.

Criticism of the program or of the model is never a ground. It is not in the list, no wording may bring it in
(`names_criticism`), and the database refuses every ground that is not in the list.
"""

import re
import unicodedata

from django.db import models
from django.utils.translation import gettext_lazy as _


class Ground(models.TextChoices):
    """Why a work may be refused. Staff may word a ground for their program; nobody may add one."""

    CONFIDENTIAL = "confidential", _("Shows what is confidential")
    RIGHTS = "rights", _("Uses the work of others")
    PERSON = "person", _("Shows a real person without their agreement")
    PERSONAL_DATA = "personal-data", _("Gives away personal data")
    MINORS = "minors", _("Endangers minors")
    HATE = "hate", _("Attacks people for who they are")
    VIOLENCE = "violence", _("Glorifies violence")
    SEXUAL = "sexual", _("Sexual content that the content policy excludes")
    DECEPTION = "deception", _("Would be taken for a real event")
    LABEL = "label", _("Credit or label is wrong")
    FAULTY = "faulty", _("The file is faulty")

    @property
    def needs_second(self) -> bool:
        """Whether one reviewer is not enough to refuse on this ground."""
        return self in NEEDS_SECOND


# Grounds that judge persons or meaning: two reviewers who do not know each other's view must both refuse.
NEEDS_SECOND = frozenset({Ground.PERSON, Ground.MINORS, Ground.HATE, Ground.DECEPTION})

DEFINITIONS = {
    Ground.CONFIDENTIAL: _("The film or its text shows something that the signed agreement keeps confidential, before its date."),
    Ground.RIGHTS: _("A recognisable work, mark or piece of music of somebody else is used without permission or an exception of law."),
    Ground.PERSON: _("A living person can be recognised who has not agreed, outside satire of public figures that is clearly so."),
    Ground.PERSONAL_DATA: _("Names with addresses, numbers, documents or faces tell more of somebody than they made public."),
    Ground.MINORS: _("A minor is shown in a sexual or degrading way, or put at risk."),
    Ground.HATE: _("People are demeaned or threatened for their origin, faith, sex, orientation, disability or the like."),
    Ground.VIOLENCE: _("Cruelty is praised, or harm is called for."),
    Ground.SEXUAL: _("Explicit acts that the program's content policy excludes for every work."),
    Ground.DECEPTION: _("Without its label the film would be taken for a recording of a real event that did not happen."),
    Ground.LABEL: _("The credit names the wrong people, or the text hides that the film was made with AI."),
    Ground.FAULTY: _("The file does not play, or is not the film that the request describes."),
}  # fmt: skip

EXAMPLES = {
    Ground.CONFIDENTIAL: _("A title card names the model's internal version a month before its announcement."),
    Ground.RIGHTS: _("A cartoon character of a studio walks through the second shot."),
    Ground.PERSON: _("A neighbour's face, from a reference photograph, sings in the film."),
    Ground.PERSONAL_DATA: _("A letter with a legible address lies on the table."),
    Ground.MINORS: _("A child in a scene of violence that is not there to condemn it."),
    Ground.HATE: _("A chant against a minority is the film's message."),
    Ground.VIOLENCE: _("The text calls upon people to hurt somebody."),
    Ground.SEXUAL: _("An explicit scene."),
    Ground.DECEPTION: _("A minister resigns, in the look of a news broadcast."),
    Ground.LABEL: _("A collaborator who worked on the film is missing from the credit."),
    Ground.FAULTY: _("The last two seconds are black, the request says they show a harbour."),
}

LONGEST_WORDING = 600
# The stem of the word in the languages of the program's people.
_CRITICISM = re.compile(r"criti[cq]|kritik|kritis|crític|критик|批評|批评|نقد", re.IGNORECASE)


def names_criticism(text: str) -> bool:
    """Whether a wording speaks of criticism, which is no ground in any wording."""
    # Letters that only look otherwise, and marks that are not seen, hide nothing.
    plain = "".join(mark for mark in unicodedata.normalize("NFKC", text) if unicodedata.category(mark) != "Cf")
    return _CRITICISM.search(plain) is not None


def ground_called(name: str) -> Ground | None:
    """The ground of this name, or None."""
    return Ground(name) if name in Ground.values else None
