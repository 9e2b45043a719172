"""Speaking unasked: which of the things seen are worth a word, and how often."""

from __future__ import annotations

import re
from dataclasses import dataclass

from streams.types import NS, Percept

_ENTERS = re.compile(r"^(?:an? )?(.+?) (?:enters from the (\w+)|appears)$")


@dataclass(frozen=True, slots=True)
class RemarkOptions:
    """When the agent speaks of its own accord."""

    on: bool = True
    quiet_s: float = 10.0
    """Nothing is remarked upon so soon after the conversation began: who joins a call comes into view."""
    cool_down_s: float = 60.0
    """From one remark to the next, at least."""


class Remarks:
    """Decides on each thing seen. Pure: time comes with the call."""

    def __init__(self, options: RemarkOptions, t_ns: int) -> None:
        """`t_ns`: when the conversation began."""
        self.on = options.on
        self._options = options
        self._next_ns = t_ns + round(options.quiet_s * NS)

    def consider(self, percept: Percept, t_ns: int) -> str:
        """The words to say about it, or nothing. A remark that is made must be reported with `made`."""
        if not self.on or t_ns < self._next_ns:
            return ""
        entered = _ENTERS.match(percept.text) if percept.kind == "object" else None
        if entered is None:
            return ""
        thing, side = entered.groups()
        who = "somebody" if thing == "person" else f"{'an' if thing[0] in 'aeiou' else 'a'} {thing}"
        return f"I see {who} coming in{f' from the {side}' if side else ''}."

    def made(self, t_ns: int) -> None:
        """Something was said; now be quiet for a while."""
        self._next_ns = t_ns + round(self._options.cool_down_s * NS)
