"""The tests that talk to Stripe itself are run when they are named, and only then."""

import pytest


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if "stripe_sandbox" not in config.getoption("markexpr"):
        kept = [item for item in items if not item.get_closest_marker("stripe_sandbox")]
        gone = [item for item in items if item.get_closest_marker("stripe_sandbox")]
        config.hook.pytest_deselected(items=gone)
        items[:] = kept
