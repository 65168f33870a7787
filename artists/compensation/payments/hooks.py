"""Where Stripe's webhooks come in: believed, kept once, answered at once. What they are about is read again later, by the worker."""

from typing import Final

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from artists.compensation.reconciling.hearing import keep_event, knows_account
from artists.compensation.stripe.gateway import configured, is_live
from artists.compensation.stripe.signatures import NotFromStripe, read_webhook

# Snapshots of what we ask for are a few kilobytes; whoever sends more is somebody else.
LARGEST: Final = 256 * 1024
# For the log of Stripe's dashboard, which is where somebody looks when webhooks do not arrive.
WORDS: Final = {
    "stripe-off": "This installation has no Stripe key.",
    "body-too-large": "This is longer than any event that was asked for.",
    "signature-missing": "There is no Stripe-Signature.",
    "signature-wrong": "No secret in VERNISSAGE_STRIPE_WEBHOOK_SECRET signed this.",
    "signature-old": "This was signed more than five minutes ago, or the clocks differ.",
    "body-unreadable": "This is no event.",
    "mode-wrong": "Test and live mode do not mix: the key of this installation is of the other mode.",
    "account-unknown": "No artist of this program has this account.",
}


def _no(code: str, status: int = 400) -> JsonResponse:
    return JsonResponse({"code": code, "message": WORDS[code]}, status=status)


@csrf_exempt  # Stripe has no cookies: the signature over the body is the proof
@require_POST
def stripe_hook(request: HttpRequest) -> JsonResponse:
    """Take one event. 200 only when it is kept, so that Stripe sends it again after anything else; a no changes nothing."""
    if not configured():
        return _no("stripe-off", 404)
    body = request.read(LARGEST + 1)
    if len(body) > LARGEST:
        return _no("body-too-large", 413)
    live, secrets = is_live(settings.VERNISSAGE_STRIPE_KEY), settings.VERNISSAGE_STRIPE_WEBHOOK_SECRET
    try:
        event = read_webhook(body, request.headers.get("Stripe-Signature"), secrets=secrets, live=live)
    except NotFromStripe as fault:
        return _no(fault.code)
    if event.account and not knows_account(event.account):
        return _no("account-unknown")
    return JsonResponse({"code": "kept" if keep_event(event) else "known"})
