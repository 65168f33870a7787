"""How an act is refused."""

from collections.abc import Callable

import pytest

from portal.access import Refused


def code_of(act: Callable[[], object]) -> str:
    """The code with which an act is refused."""
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.decision.code
