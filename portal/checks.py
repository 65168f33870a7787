"""System checks: contradictory configuration is refused at start, with the fix."""

import os
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import Error, register
from django.core.exceptions import ImproperlyConfigured

from generation.backends.errors import EngineError
from generation.backends.registry import read_registry


@register()
def check_configuration(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[Error]:
    """Everything that contradicts itself; an empty list when the portal may start."""
    del app_configs, kwargs
    return [*_check_address(), *_check_secrets(), *_check_storage(), *_check_registry(), *_check_stripe()]


def _check_address() -> list[Error]:
    parts = urlsplit(settings.VERNISSAGE_BASE_URL)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        words = f"VERNISSAGE_BASE_URL is no address: {settings.VERNISSAGE_BASE_URL!r}."
        return [Error(words, hint="Give scheme and host, as in https://films.example.org.", id="vernissage.E001")]
    if parts.scheme == "http" and not settings.LOOPBACK:
        words = f"VERNISSAGE_BASE_URL {settings.VERNISSAGE_BASE_URL} would carry sign-in over plain HTTP."
        return [Error(words, hint="Use https:// for any host that is not loopback.", id="vernissage.E002")]
    return []


def _check_secrets() -> list[Error]:
    faults = []
    if settings.VERNISSAGE_DEMO_LINKS and not settings.LOOPBACK:
        words = "Demonstration sign-in links replace the second factor and are for loopback only."
        hint = "Unset VERNISSAGE_DEMO_LINKS, or set VERNISSAGE_BASE_URL to a loopback address."
        faults.append(Error(words, hint=hint, id="vernissage.E003"))
    if settings.EMBEDDED and not settings.LOOPBACK:
        words = "The embedded defaults (a secret made in the home folder) are for loopback only."
        faults.append(Error(words, hint="Unset VERNISSAGE_EMBEDDED and give each secret.", id="vernissage.E004"))
    try:
        empty = not settings.SECRET_KEY
    except ImproperlyConfigured:
        empty = True
    if empty:
        hint = "Set VERNISSAGE_SECRET_KEY to 50 random characters or more, and keep it out of the repository."
        faults.append(Error("There is no secret key.", hint=hint, id="vernissage.E006"))
    if settings.VERNISSAGE_SECOND_FACTOR not in {"roles", "all"}:
        words = f"VERNISSAGE_SECOND_FACTOR is not understood: {settings.VERNISSAGE_SECOND_FACTOR!r}."
        hint = "Write roles (reviewers, staff and operators must have one) or all."
        faults.append(Error(words, hint=hint, id="vernissage.E010"))
    return faults


def _check_storage() -> list[Error]:
    url = settings.VERNISSAGE_STORAGE_URL
    if not url:
        return []
    parts = urlsplit(url)
    if parts.scheme != "s3" or not parts.netloc or set(parse_qs(parts.query)) - {"endpoint", "region"}:
        words = "VERNISSAGE_STORAGE_URL is not understood."
        hint = "Write s3://bucket?endpoint=https://host&region=name, or unset it to keep files in the home folder."
        return [Error(words, hint=hint, id="vernissage.E005")]
    return []


def _check_registry() -> list[Error]:
    try:
        read_registry(settings.VERNISSAGE_MODELS)
    except EngineError as fault:
        hint = "Correct the file, or unset VERNISSAGE_MODELS for the registry that ships."
        return [Error(f"{fault.code}: {fault.message}", hint=hint, id="vernissage.E007")]
    return []


def _check_stripe() -> list[Error]:
    faults = []
    key, secrets, base = (
        settings.VERNISSAGE_STRIPE_KEY,
        settings.VERNISSAGE_STRIPE_WEBHOOK_SECRET,
        settings.VERNISSAGE_STRIPE_API_BASE,
    )
    if key and not key.startswith(("sk_test_", "sk_live_", "rk_test_", "rk_live_")):
        words = "VERNISSAGE_STRIPE_KEY is no secret key of Stripe's."
        hint = "Give the one that begins with sk_test_, sk_live_, rk_test_ or rk_live_; unset it to pay by hand."
        faults.append(Error(words, hint=hint, id="vernissage.E011"))
    if key and not secrets:
        words = "Payments by Stripe are on, but none of its webhooks could be believed."
        hint = "Set VERNISSAGE_STRIPE_WEBHOOK_SECRET to the signing secret (whsec_...) of each endpoint."
        faults.append(Error(words, hint=hint, id="vernissage.E012"))
    if base and (urlsplit(base).hostname not in {"127.0.0.1", "localhost", "::1"} or "_live_" in key):
        words = "VERNISSAGE_STRIPE_API_BASE would hand the key to somebody other than Stripe."
        hint = "Unset it. Only a test key may go to another address, and only on loopback."
        faults.append(Error(words, hint=hint, id="vernissage.E013"))
    if os.environ.get("STRIPE_LOG"):
        words = "STRIPE_LOG makes Stripe's library print all it sends and receives, bank data among it."
        faults.append(Error(words, hint="Unset STRIPE_LOG.", id="vernissage.E014"))
    return faults
