"""What is asked of a file of percepts, in words that need no model: light, for the side that only asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Message = dict[str, Any]
"""What happens to a request, see `agent.asking`."""


@dataclass(frozen=True, slots=True)
class Request:
    """What to ask of which file."""

    questions: tuple[str, ...]
    state: str
    """Path of the file."""
    now: str = ""
    """The moment of asking; empty is the last percept."""
    fusion: str = ""
    """Empty: as the configuration says."""
