"""What the training days are made of. Each list ends with entries that only the evaluation sees (`split`)."""

from __future__ import annotations

import random

from dialog.training.words_signs import SIGN_STEMS, SIGN_WORDS, code, sign_text
from dialog.training.words_world import (
    COLOURS,
    FURNITURE,
    HELD_OUT,
    LABELS,
    NAMES,
    PLURAL,
    ROLES,
    ROOMS,
    SOUNDS,
    SOURCES,
    THINGS,
    THINGS_SEEN,
    split,
)

__all__ = [
    "COLOURS", "FURNITURE", "HELD_OUT", "LABELS", "NAMES", "PLURAL", "ROLES", "ROOMS",
    "SIGN_STEMS", "SIGN_WORDS", "SOUNDS", "SOURCES", "THINGS", "THINGS_SEEN", "code", "sign_text", "split", "spot",
]  # fmt: skip


def spot(rng: random.Random, held_out: bool) -> str:
    """A place where somebody may leave a thing."""
    furniture = rng.choice(split(FURNITURE, held_out))
    if rng.random() < 0.5:
        furniture = f"{rng.choice(COLOURS)} {furniture}"
    where = rng.choice(["on", "under", "behind", "next to", "in front of", "near"])
    r = rng.random()
    if r < 0.6:
        return f"{where} the {furniture}"
    if r < 0.85:
        return f"in the {rng.choice(split(ROOMS, held_out))}"
    return f"{where} the {furniture} in the {rng.choice(split(ROOMS, held_out))}"
