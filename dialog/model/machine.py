"""What the machine offers to the models."""

from __future__ import annotations

import torch


def set_threads(threads: int) -> None:
    """Processor threads for torch's operators, for the whole process."""
    torch.set_num_threads(threads)


def has_gpu() -> bool:
    """Whether torch finds a usable CUDA GPU."""
    return torch.cuda.is_available()
