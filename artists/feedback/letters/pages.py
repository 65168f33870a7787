"""The page of a letter, for everybody who may read it; composed here, so that a refused act shows the same page."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from artists.agreements.texts import as_html
from artists.feedback.models import OpenLetter
from artists.people.actors import actor_of, person_of
from portal.access import Actor, Decision, check

from . import queries
from .forms import AnswerForm, SignForm
from .standing import stands
from .states import ShownAs, SignatureState

A_PAGE = 200
# No form is on a page for the public: without a token for one, nothing is stored at the visitor's.
NO_COOKIE = {"theme_url": ""}


def found(request: HttpRequest, slug: str) -> OpenLetter:
    """The letter, if this person may read it; 404 otherwise."""
    return get_object_or_404(queries.letters_visible_to(actor_of(request)), slug=slug)


def _forms(request: HttpRequest, letter: OpenLetter, signature: Any) -> dict[str, Any]:
    """What this person may do with it."""
    actor = actor_of(request)
    may = {name: check(f"letters.{name}", actor, letter) for name in ("edit", "open", "withdraw", "sign", "answer")}
    signed = signature is not None and signature.state == SignatureState.SIGNED
    gone = signature is not None and not signed and letter.is_public
    shown: dict[str, Any] = {"may": may, "signed": signed, "signature": signature, "gone": gone}
    if may["sign"] and not signed and not gone:
        digest = letter.digest or letter.text_digest
        shown["sign_form"] = SignForm(person=person_of(request), initial={"digest": digest, "shown_as": ShownAs.NAME})
    if may["answer"]:
        shown["answer_form"] = AnswerForm()
    return shown


def letter_page(
    request: HttpRequest,
    letter: OpenLetter,
    *,
    refusal: Decision | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """The letter, its signatures, the program's answers, and what this person may do."""
    actor: Actor = actor_of(request)
    signature = queries.signature_of(actor, letter)
    page = Paginator(queries.signatures_shown(letter), A_PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "letter": letter,
        "html": as_html(letter.text),
        "digest": letter.digest or letter.text_digest,
        "page": page,
        "taken_back": list(queries.taken_back_since(letter)[:A_PAGE]),
        "answers": [(one, as_html(one.text)) for one in queries.answers_to(letter)],
        "stands": stands(letter, actor, signed=page.paginator.count),
        "mine": actor.pk is not None and letter.author_id == actor.pk,
        "refusal": refusal,
    }
    context |= _forms(request, letter, signature) if actor.pk else NO_COOKIE
    context |= more
    code = refusal.kind.value if refusal is not None else status
    return render(request, "feedback/letters/letter.html", context, status=code)
