"""A course of training: steps, learning rate, averaged weights, and checkpoints that a later run goes on from."""

import abc
import logging
import math
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import torch
from torch import Tensor, nn
from torch.optim import AdamW, Optimizer

from generation.sketch.muon import Muon

log = logging.getLogger(__name__)

_FLOOR: Final = 0.05
_AVERAGE_DECAY: Final = 0.998
_SAVE_EVERY: Final = 120.0  # seconds
_REPORT_EVERY: Final = 50  # steps
_LONGEST_GRADIENT: Final = 1.0


class TrainingError(Exception):
    """Training cannot go on; `code` is stable, the message says what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Clock:
    """Says when the time given to this run is up; without minutes it never is."""

    def __init__(self, minutes: float | None = None) -> None:
        self._end = math.inf if minutes is None else time.monotonic() + minutes * 60.0

    def is_up(self) -> bool:
        """Say whether to stop."""
        return time.monotonic() >= self._end


@dataclass(frozen=True, slots=True)
class Pace:
    """How the learning rate goes: up at first, level for a share of the course, then down to a twentieth (cosine)."""

    steps: int
    warm_up: int
    level_share: float = 0.0

    def at(self, step: int) -> float:
        """Return the part of the full learning rate, 0 to 1, for a step counted from 0."""
        rise = min(1.0, (step + 1) / self.warm_up)
        done = step / self.steps
        if done <= self.level_share:
            return rise
        fall = 0.5 * (1.0 + math.cos(math.pi * (done - self.level_share) / (1.0 - self.level_share)))
        return rise * (_FLOOR + (1.0 - _FLOOR) * fall)


class Course(abc.ABC):
    """One stage of training. A subclass sets up its networks and says what the loss of a step is.

    Everything drawn by lot in a step comes from the number of that step, so a course stopped and gone on with ends
    where an uninterrupted one does.
    """

    def __init__(
        self, networks: Mapping[str, nn.Module], optimisers: list[Optimizer], pace: Pace, device: torch.device
    ) -> None:
        self.networks = {name: network.to(device).train() for name, network in networks.items()}
        self.device = device
        self.step = 0
        self._optimisers = optimisers
        self._pace = pace
        self._full_rates = [[group["lr"] for group in optimiser.param_groups] for optimiser in optimisers]
        self._average = [weight.detach().clone() for weight in self._weights()]

    @abc.abstractmethod
    def loss(self, step: int) -> Tensor:
        """Return the loss of a step, counted from 0."""

    @property
    def finished(self) -> bool:
        """All steps of the pace are done."""
        return self.step >= self._pace.steps

    def run(self, checkpoint: Path, clock: Clock) -> None:
        """Do steps until the course is finished or the clock is up; save the checkpoint now and then and at the end."""
        saved, losses = time.monotonic(), []
        while not self.finished and not clock.is_up():
            losses.append(self._do_step())
            if self.step % _REPORT_EVERY == 0 or self.finished:
                log.info(
                    "%s: step %d of %d, loss %.4f",
                    type(self).__name__,
                    self.step,
                    self._pace.steps,
                    sum(losses) / len(losses),
                )
                losses.clear()
            if time.monotonic() - saved > _SAVE_EVERY:
                self.save(checkpoint)
                saved = time.monotonic()
        self.save(checkpoint)

    def _do_step(self) -> float:
        part = self._pace.at(self.step)
        for optimiser, rates in zip(self._optimisers, self._full_rates, strict=True):
            for group, rate in zip(optimiser.param_groups, rates, strict=True):
                group["lr"] = rate * part
            optimiser.zero_grad()
        loss = self.loss(self.step)
        if not torch.isfinite(loss):
            raise TrainingError(
                "training-diverged", f"The loss of step {self.step} is not a number. Lower the rate, start again."
            )
        loss.backward()  # type: ignore[no-untyped-call]
        weights = list(self._weights())
        nn.utils.clip_grad_norm_(weights, _LONGEST_GRADIENT)
        for optimiser in self._optimisers:
            optimiser.step()
        self.step += 1
        # Early on the average must not hang on to where the weights began.
        decay = min(_AVERAGE_DECAY, self.step / (self.step + 9))
        torch._foreach_lerp_(self._average, [weight.detach() for weight in weights], 1.0 - decay)
        return loss.item()

    def save(self, checkpoint: Path) -> None:
        """Write everything a later run needs to go on; the file is whole or not there."""
        state = {
            "step": self.step,
            "networks": {name: network.state_dict() for name, network in self.networks.items()},
            "average": self._average,
            "optimisers": [optimiser.state_dict() for optimiser in self._optimisers],
        }
        checkpoint.parent.mkdir(parents=True, exist_ok=True)
        unfinished = checkpoint.with_suffix(".tmp")
        torch.save(state, unfinished)
        unfinished.replace(checkpoint)

    def resume(self, checkpoint: Path) -> None:
        """Go on from a checkpoint if there is one; TrainingError "checkpoint-mismatch" if it is of other networks."""
        if not checkpoint.exists():
            return
        state = torch.load(checkpoint, map_location=self.device, weights_only=True)
        try:
            for name, network in self.networks.items():
                network.load_state_dict(state["networks"][name])
            for optimiser, held in zip(self._optimisers, state["optimisers"], strict=True):
                optimiser.load_state_dict(held)
        except (KeyError, ValueError, RuntimeError) as error:
            message = (
                f"{checkpoint} was written for networks of another size. Use the same recipe, or another --work folder."
            )
            raise TrainingError("checkpoint-mismatch", message) from error
        self._average = state["average"]
        self.step = state["step"]
        log.info("%s: goes on from step %d", type(self).__name__, self.step)

    @contextmanager
    def averaged(self) -> Iterator[Mapping[str, Any]]:
        """Lend the networks with averaged weights, in evaluation mode; the trained weights come back afterwards."""
        weights = list(self._weights())
        trained = [weight.detach().clone() for weight in weights]
        _overwrite(weights, self._average)
        for network in self.networks.values():
            network.eval()
        try:
            yield self.networks
        finally:
            _overwrite(weights, trained)
            for network in self.networks.values():
                network.train()

    def random(self, step: int, seed: int) -> torch.Generator:
        """Return the lot of a step, on the device of the course."""
        return torch.Generator(self.device).manual_seed((seed << 32) + step)

    def _weights(self) -> Iterator[nn.Parameter]:
        for network in self.networks.values():
            yield from network.parameters()


@torch.no_grad()
def _overwrite(weights: list[nn.Parameter], values: list[Tensor]) -> None:
    for weight, value in zip(weights, values, strict=True):
        weight.copy_(value)


def build_optimisers(
    network: nn.Module,
    is_matrix: Callable[[str, Tensor], bool],
    *,
    rate: float,
    matrix_rate: float,
    betas: tuple[float, float],
    decay: float = 0.0,
) -> list[Optimizer]:
    """Return Muon for the weights that `is_matrix(name, weight)` picks and AdamW, with these betas, for the others."""
    named = list(network.named_parameters())
    matrices = [weight for name, weight in named if is_matrix(name, weight)]
    others = [weight for name, weight in named if not is_matrix(name, weight)]
    return [
        Muon(matrices, lr=matrix_rate, weight_decay=decay),
        AdamW(others, lr=rate, betas=betas, weight_decay=decay, fused=True),
    ]
