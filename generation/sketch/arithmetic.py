"""Which device to compute on, and in which numbers: bfloat16 only where the hardware has it."""

import functools
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import torch
from torch.nn.attention import SDPBackend, sdpa_kernel


def pick_device(name: str | None = None) -> torch.device:
    """Return the named device, or CUDA where there is one, or the CPU."""
    return torch.device(name or ("cuda" if torch.cuda.is_available() else "cpu"))


@functools.cache
def fast_dtype(kind: str) -> torch.dtype:
    """Return the numbers to train in on a kind of device ("cpu", "cuda").

    A CPU without bfloat16 instructions emulates it: convolutions were 24 times slower there than in float32.
    """
    if kind != "cpu":
        return torch.bfloat16
    able = torch.cpu.get_capabilities()
    return torch.bfloat16 if able.get("avx512_bf16") or able.get("amx_bf16") else torch.float32


@contextmanager
def fast_arithmetic(device: torch.device) -> Iterator[None]:
    """Compute in the fast numbers; on a CPU with plain attention, whose backward pass is the faster one there."""
    dtype = fast_dtype(device.type)
    with ExitStack() as stack:
        stack.enter_context(torch.autocast(device.type, torch.bfloat16, enabled=dtype is torch.bfloat16))
        if device.type == "cpu":
            stack.enter_context(sdpa_kernel(SDPBackend.MATH))
        stack.enter_context(warnings.catch_warnings())
        # The norms keep float32 weights on purpose; that this is not the fused path is no news to anybody.
        warnings.filterwarnings("ignore", message="Mismatch dtype between input and weight", category=UserWarning)
        yield
