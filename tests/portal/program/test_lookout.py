"""The lookout: a process obeys first, then acknowledges; silent ones are named; the stop holds either way."""

from datetime import timedelta

import pytest
from django.utils import timezone

from artists.people.models import Person
from generation.backends.errors import Stopped
from generation.gate import may_generate
from generation.queue.claim import claim
from generation.runner import Watch, obey
from portal.program import lookout
from portal.program.lookout import Watchman, current_epoch, forget_the_dead, live, obeyed, wait_until_obeyed
from portal.program.models import Lookout, Suspension
from portal.program.reach import Target
from portal.program.states import Running, Scope
from portal.program.suspending import resume, suspend
from tests.factories import films


@pytest.fixture
def ears(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What this process's ears heard; nobody else's are asked."""
    heard: list[str] = []
    monkeypatch.setattr(lookout, "_EARS", [lambda: heard.append(str(Lookout.objects.count()))])
    return heard


def stopped(ada: Person, sam: Person, **more: object) -> Suspension:
    return suspend(Target(Scope.ARTIST, artist=ada), actor=sam, reason="A proxy page.", **more)


def test_each_begin_and_end_is_a_new_epoch(ada: Person, sam: Person) -> None:
    before = current_epoch()
    suspension = stopped(ada, sam)
    during = current_epoch()
    resume(suspension, actor=sam)
    assert (before, during, suspension.epoch, current_epoch()) == (0, 1, 1, 2)


def test_a_process_obeys_before_it_acknowledges_and_only_news(ada: Person, sam: Person, ears: list[str]) -> None:
    one = Watchman("web", "one")
    one.look()
    one.look()
    Lookout.objects.all().delete()
    stopped(ada, sam)
    one.look()
    assert (ears, Lookout.objects.get().epoch) == (["0", "0"], 1)


def test_a_fault_of_one_ear_keeps_nobody_from_obeying(ada: Person, sam: Person, ears: list[str]) -> None:
    def faulty() -> None:
        raise RuntimeError

    lookout.hear(faulty)
    lookout.hear(lambda: ears.append("second"))
    Watchman("web", "one").look()
    assert (ears, Lookout.objects.count()) == (["0", "second"], 1)


def test_silent_processes_are_named_and_dead_ones_are_not_waited_for(ada: Person, sam: Person, ears: list[str]) -> None:
    one = Watchman("web", "one")
    for name in ("one", "two", "three"):
        Lookout.objects.create(name=name, kind="web", epoch=0, began_at=timezone.now(), seen_at=timezone.now())
    Lookout.objects.filter(name="three").update(seen_at=timezone.now() - timedelta(seconds=10))
    suspension = stopped(ada, sam)
    one.look()
    seen = wait_until_obeyed(suspension, patience=0)
    assert (seen.processes, seen.missing, [row.name for row in live()]) == (1, ["two"], ["one", "two"])
    assert may_generate(ada).code == "suspended-artist"


def test_the_figure_runs_from_the_commit_to_the_last_acknowledgement(ada: Person, sam: Person) -> None:
    suspension = stopped(ada, sam)
    at = timezone.now()
    Suspension.objects.filter(pk=suspension.pk).update(committed_at=at)
    suspension.refresh_from_db()
    for name, after in (("one", 120), ("two", 340)):
        seen = at + timedelta(milliseconds=after)
        row = {"kind": "web", "epoch": suspension.epoch, "obeyed_at": seen, "seen_at": timezone.now()}
        Lookout.objects.create(name=name, began_at=at, **row)
    Lookout.objects.create(
        name="born later", began_at=at + timedelta(seconds=9), **(row | {"obeyed_at": at + timedelta(seconds=9)})
    )
    assert obeyed(suspension).milliseconds == 340


def test_leaving_and_long_silence_remove_a_process(ada: Person, ears: list[str]) -> None:
    one = Watchman("web", "one")
    one.look()
    Lookout.objects.create(name="old", kind="web", began_at=timezone.now(), seen_at=timezone.now() - timedelta(hours=2))
    assert forget_the_dead() == 1
    one.leave()
    assert Lookout.objects.count() == 0


@pytest.mark.parametrize(("running", "why"), [(Running.STOP, "closed"), (Running.FINISH, "")])
def test_a_running_take_ends_at_its_next_step_when_its_process_obeys(
    ada: Person, sam: Person, monkeypatch: pytest.MonkeyPatch, running: Running, why: str
) -> None:
    from generation import runner

    films.submitted(ada)
    take = claim("worker", {films.MODEL})
    assert take is not None
    watch = Watch(take)
    monkeypatch.setattr(runner, "_watches", {watch})
    watch.checkpoint()
    stopped(ada, sam, running=running)
    obey()
    assert watch.why == why
    if why:
        with pytest.raises(Stopped):
            watch.checkpoint()
        assert watch.closed is not None
        assert watch.closed.code == "suspended-artist"
