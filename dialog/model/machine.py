"""What the machine offers to the models."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import torch

from streams.clock import Stopwatch

SMALL_WIDTH = 1024
"""Torch's operators of a model up to this width are so short that their threads mostly wait for one another: two take
hardly less time than one where nothing else runs, and ten times as much where others want the cores too."""


def set_threads(threads: int) -> None:
    """Processor threads for torch's operators, for the whole process."""
    torch.set_num_threads(threads)


def has_gpu() -> bool:
    """Whether torch finds a usable CUDA GPU."""
    return torch.cuda.is_available()


def dtype_for(device: torch.device) -> torch.dtype:
    """What weights are best kept in: bfloat16, unless the device is a processor that multiplies float32 faster."""
    return torch.bfloat16 if device.type != "cpu" or bfloat16_is_fast() else torch.float32


@cache
def bfloat16_is_fast() -> bool:
    """Whether this processor multiplies bfloat16 at least about as fast as float32, measured once in some milliseconds.

    It has instructions for that (AMX, AVX-512 BF16, ARMv8.6) or torch goes through float32, which takes four times as
    long as float32 itself on an AVX2 machine; no flag tells for all kinds.
    """
    return _product_s(torch.bfloat16) < 1.5 * _product_s(torch.float32)


def _product_s(dtype: torch.dtype) -> float:
    """Shortest of a few times for a product of a model's size: pauses that others cause do not count."""
    x, weight = torch.ones(128, 576, dtype=dtype), torch.ones(1536, 576, dtype=dtype)
    best = float("inf")
    for _ in range(6):
        watch = Stopwatch()
        torch.nn.functional.linear(x, weight)
        best = min(best, watch.elapsed_s())
    return best


def is_small(width: int) -> bool:
    """Whether one thread is best for torch's operators of a model of that width."""
    return width <= SMALL_WIDTH


@contextmanager
def loading_threads(width: int) -> Iterator[None]:
    """As many threads as it pays to load a model of that width with, for this thread, while the context is open."""
    usual = torch.get_num_threads()
    torch.set_num_threads(1 if is_small(width) else usual)
    try:
        yield
    finally:
        torch.set_num_threads(usual)
