"""Muon: momentum made orthogonal, for the weight matrices inside a network."""

from collections.abc import Callable, Iterable
from typing import Any, Final

import torch
from torch import Tensor
from torch.optim import Optimizer

from generation.sketch.arithmetic import fast_dtype

# The quintic iteration of https://kellerjordan.github.io/posts/muon/ and its coefficients.
_COEFFICIENTS: Final = (3.4445, -4.775, 2.0315)
_ITERATIONS: Final = 5


class Muon(Optimizer):
    """Muon for weights of two or more dimensions; a convolution counts as the matrix (outputs, everything else).

    `torch.optim.Muon` takes plain matrices only. The step is scaled like AdamW's (0.2 times the root of the longer
    side, https://arxiv.org/abs/2502.16982), so one learning rate serves both.
    """

    def __init__(
        self, params: Iterable[Tensor], *, lr: float, momentum: float = 0.95, weight_decay: float = 0.0
    ) -> None:
        super().__init__(params, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self, closure: Callable[[], Any] | None = None) -> None:  # type: ignore[override]
        """Do one step with the gradients that are there; the closure of the base class is not used."""
        del closure
        for group in self.param_groups:
            for weight in group["params"]:
                if weight.grad is not None:
                    self._step_weight(weight, weight.grad, group)

    def _step_weight(self, weight: Tensor, gradient: Tensor, group: dict[str, Any]) -> None:
        state = self.state[weight]
        momentum = state.setdefault("momentum", torch.zeros_like(weight))
        momentum.lerp_(gradient, 1.0 - group["momentum"])
        ahead = gradient.lerp(momentum, group["momentum"]).flatten(1)
        direction = _orthogonalise(ahead).to(weight.dtype).view_as(weight)
        weight.mul_(1.0 - group["lr"] * group["weight_decay"])
        weight.add_(direction, alpha=-group["lr"] * 0.2 * max(ahead.shape) ** 0.5)


def _orthogonalise(matrix: Tensor) -> Tensor:
    """Bring the singular values of a matrix near 1 by a few steps of a Newton-Schulz iteration."""
    first, second, third = _COEFFICIENTS
    wide: Tensor = (matrix.T if matrix.shape[0] > matrix.shape[1] else matrix).to(fast_dtype(matrix.device.type))
    wide = wide / (wide.norm() + 1e-7)
    for _ in range(_ITERATIONS):
        product = wide @ wide.T
        wide = first * wide + (second * product + third * product @ product) @ wide
    return wide.T if matrix.shape[0] > matrix.shape[1] else wide
