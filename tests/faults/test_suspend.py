"""A real worker in the middle of a shot, suspended from a shell and resumed: it puts the shot down, and the film still ends."""

import json
import time
from collections.abc import Iterator

import pytest

from tests.faults.test_kill import House, ended, wait_for

STAFF = "from tests.factories import people; people.holder_of(people.Role.STAFF, 'Sam')"
SAM = ("--actor", "sam@example.org", "--json")


@pytest.fixture
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """An installation with somebody who may stop things; no worker outlives it."""
    built = House(tmp_path_factory.mktemp("house"))
    built.manage("shell", "-v0", "-c", STAFF)
    # A shot lasts longer than a command takes to start, also on a busy machine.
    registry = built.home / "models.toml"
    registry.write_text(registry.read_text().replace("seconds_per_step = 0.25", "seconds_per_step = 2.0"))
    yield built
    built.kill()


def test_suspended_in_the_middle_of_a_shot_and_resumed_the_film_ends_with_what_was_kept(house: House) -> None:
    generation = house.submit("one", "two")
    house.start()
    query = "select position, step from generation_take where generation_id = ? and state = 'rendering'"
    wait_for(lambda: any(position == 2 and step >= 1 for position, step in house.rows(query, generation)), 90)
    first = house.takes(generation)[0]
    stopped = json.loads(house.manage("suspend", "--artist", "ada@example.org", "--reason", "A proxy page.", *SAM))
    wait_for(lambda: house.takes(generation)[1][0] == "queued")
    put_down = house.takes(generation)
    time.sleep(3)
    told = house.rows("select state, state_code from generation_generation where id = ?", generation)
    still = house.takes(generation)
    house.manage("resume", stopped["suspension"], *SAM)
    wait_for(lambda: ended(house, generation), 90)
    after = house.takes(generation)
    assert (stopped["generations_running"], stopped["processes"], stopped["missing"]) == (1, 1, [])
    assert (still, told) == (put_down, [("paused", "suspended-artist")])
    # One more claim, and no attempt lost: the take did nothing wrong.
    assert (after[0], after[1][:3]) == (first, ("done", 2, 1))
    assert house.rows("select state, amount_ms from generation_reservation") == [("settled", 2000)]
