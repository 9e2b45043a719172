"""One analysed frame: what the change gate hands to the parts of vision."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Picture:
    """One frame with what the change gate found out about it."""

    t_ns: int
    """Stream time of capture."""
    rgb: NDArray[np.uint8]
    """`[H, W, 3]`, as captured (already capped in size)."""
    gray: NDArray[np.uint8]
    """`[h, w]`, small: `w` is 320, `h` to scale."""
    changed: float
    """Share 0..1 of the small pixels that differ from the previous picture."""
    static: bool
    """(Practically) nothing changed since the previous picture."""
    cut: bool
    """The whole picture was replaced: start afresh."""
    light: bool
    """The brightness changed as a whole: not motion."""
