"""What the machine offers to the models."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch

SMALL_WIDTH = 1024
"""Torch's operators of a model up to this width are so short that their threads mostly wait for one another: two take
hardly less time than one where nothing else runs, and ten times as much where others want the cores too."""


def set_threads(threads: int) -> None:
    """Processor threads for torch's operators, for the whole process."""
    torch.set_num_threads(threads)


def has_gpu() -> bool:
    """Whether torch finds a usable CUDA GPU."""
    return torch.cuda.is_available()


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
