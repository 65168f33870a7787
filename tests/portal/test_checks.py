"""Contradictory configuration is refused with the fix."""

from pathlib import Path
from typing import Any

import pytest

from portal.checks import check_configuration

AWAY = {"VERNISSAGE_BASE_URL": "https://films.example.org", "LOOPBACK": False, "EMBEDDED": False}
QUIET = AWAY | {"VERNISSAGE_DEMO_LINKS": False, "SECRET_KEY": "k" * 60}

STRIPE = {"VERNISSAGE_STRIPE_KEY": "rk_test_x", "VERNISSAGE_STRIPE_WEBHOOK_SECRET": ["whsec_x"]}


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({}, []),
        (QUIET, []),
        (QUIET | {"VERNISSAGE_BASE_URL": "films"}, ["vernissage.E001"]),
        (QUIET | {"VERNISSAGE_BASE_URL": "http://films.example.org"}, ["vernissage.E002"]),
        (QUIET | {"VERNISSAGE_DEMO_LINKS": True}, ["vernissage.E003"]),
        (QUIET | {"EMBEDDED": True}, ["vernissage.E004"]),
        ({"VERNISSAGE_STORAGE_URL": "s3://shelf?endpoint=http://127.0.0.1:9000"}, []),
        ({"VERNISSAGE_STORAGE_URL": "s3://?endpoint=x"}, ["vernissage.E005"]),
        ({"VERNISSAGE_STORAGE_URL": "ftp://shelf"}, ["vernissage.E005"]),
        (QUIET | {"SECRET_KEY": ""}, ["vernissage.E006"]),
        (STRIPE, []),
        (STRIPE | {"VERNISSAGE_STRIPE_KEY": "pk_test_x"}, ["vernissage.E011"]),
        (STRIPE | {"VERNISSAGE_STRIPE_WEBHOOK_SECRET": []}, ["vernissage.E012"]),
        (STRIPE | {"VERNISSAGE_STRIPE_API_BASE": "https://pay.example.org"}, ["vernissage.E013"]),
        (STRIPE | {"VERNISSAGE_STRIPE_API_BASE": "http://127.0.0.1:12111"}, []),
        (
            STRIPE | {"VERNISSAGE_STRIPE_KEY": "sk_live_x", "VERNISSAGE_STRIPE_API_BASE": "http://127.0.0.1:12111"},
            ["vernissage.E013"],
        ),
        ({"VERNISSAGE_MODELS": "/nowhere/models.toml"}, ["vernissage.E007"]),
    ],
)
def test_check_configuration_names_what_contradicts(settings: Any, given: dict[str, Any], found: list[str]) -> None:
    for name, value in given.items():
        setattr(settings, name, value)
    assert [fault.id for fault in check_configuration(None)] == found


def test_check_configuration_says_what_is_wrong_in_a_registry(settings: Any, tmp_path: Path) -> None:
    broken = tmp_path / "models.toml"
    broken.write_text("[[model]")
    settings.VERNISSAGE_MODELS = str(broken)
    fault = check_configuration(None)[0]
    assert (fault.id, fault.msg.split(" is not")[0]) == (
        "vernissage.E007",
        f"models-file-broken: The model registry {broken}",
    )


def test_check_configuration_refuses_what_would_print_bank_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRIPE_LOG", "debug")
    assert [fault.id for fault in check_configuration(None)] == ["vernissage.E014"]
