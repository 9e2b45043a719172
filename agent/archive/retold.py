"""An answer that rests on what was brought back: its times get their dates, and where the language model finds nothing
in what the search is sure of, the moment itself is told.

A small model knows a van from a lorry and little of what follows from what ("the police" from "two policemen"). What is
told after its "I have not seen" is a quotation, marked as what comes nearest; in its place only where that denies just
what the moment says. So nothing is made up: a question about what never happened is still answered with a no."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from agent.archive.asked import STOP, WORD
from dialog.mind import Cited, Thought, rests_on
from dialog.refusal import REFUSAL, may_refuse

_TIME = re.compile(r"\d:\d\d|\bago\b|\bjust now\b")
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Offer:
    """A moment to tell where the model finds nothing."""

    percept_id: str
    words: str
    """A sentence that quotes it, see `quoted`."""
    text: str
    """Its place and text."""


class Retold:
    """Implements `dialog.mind.Thought` around another one. An answer that begins like a refusal is held back until it
    is complete; others come as they are made."""

    def __init__(
        self, thought: Thought, dates: Mapping[str, str], offer: Offer | None, times: Mapping[str, str]
    ) -> None:
        """
        Args:
            thought: the model's answer.
            dates: clock times as lines write them (`Fri 16:42`) -> what is said in their place.
            offer: what is told where the model refuses; None: the refusal stands.
            times: for a question that asks when something was, the time of each percept: told where the answer does
                not.
        """
        self.text = ""
        self._thought, self._dates, self._offer, self._times = thought, dates, offer, times
        self._held, self._ended = "", False
        self._open = offer is not None
        """It may still become a refusal."""
        self._rests_on: Sequence[Cited] | None = None
        self._told: Cited | None = None
        self._instead = False
        """What is told stands in the answer's place."""

    @property
    def tokens(self) -> Sequence[int]:
        return self._thought.tokens

    def step(self) -> str | None:
        """As `Thought.step`."""
        if self._ended:
            return None
        piece = self._thought.step()
        self._ended = piece is None
        self._held += piece or ""
        self._open = self._open and may_refuse(self._held)
        if self._ended:
            out, self._held = self._complete(self._held), ""
        elif self._open:
            out = ""
        else:
            dated = self._dated(self._held)
            keep = _unfinished(dated, self._dates)
            out, self._held = dated[: len(dated) - keep], dated[len(dated) - keep :]
        self.text += out
        return out if out or not self._ended else None

    def cancel(self) -> None:
        """As `Thought.cancel`; what was held back is not said."""
        self._thought.cancel()
        self._ended = True

    def evidence(self) -> list[Cited]:
        """As `Thought.evidence`; a quotation rests on what it quotes."""
        if self._instead and self._told is not None:
            return [self._told]
        found = [replace(one, text=self._dated(one.text)) for one in self._evidence()]
        return found if self._told is None else [*found, self._told]

    def _complete(self, rest: str) -> str:
        """The end of the answer, and what is told after it."""
        offer, rest = self._offer, self._dated(rest)
        whole = (self.text + rest).strip()
        if not REFUSAL.search(whole):
            return rest + self._time(whole)
        if offer is None or not self._open:
            return rest
        if _denies(rest, offer.text):
            self._told, self._instead = Cited(offer.words, ((offer.percept_id, 1.0),)), True
            return offer.words
        said = f"The nearest that I have: {offer.words[:1].lower()}{offer.words[1:]}"
        self._told = Cited(said, ((offer.percept_id, 1.0),))
        return f"{rest.rstrip()} {said}"

    def _time(self, whole: str) -> str:
        """When what the answer rests on was, if that was asked for and not told."""
        if not self._times or not whole or _TIME.search(whole):
            return ""
        first = next(iter(rests_on(self._evidence())), "")
        if first not in self._times:
            return ""
        said = f"That was at {self._times[first]}."
        self._told = Cited(said, ((first, 1.0),))
        return f" {said}" if whole.endswith((".", "!", "?")) else f". {said}"

    def _evidence(self) -> Sequence[Cited]:
        """Of the model's own words; computed once."""
        if self._rests_on is None:
            self._rests_on = self._thought.evidence()
        return self._rests_on

    def _dated(self, text: str) -> str:
        for clock, said in self._dates.items():
            text = text.replace(clock, said)
        return text


def _denies(refusal: str, text: str) -> bool:
    """Whether a refusal says that there was nothing of what a text says there was."""
    denied = [w for w in WORD.findall(REFUSAL.sub(" ", refusal).lower()) if w not in STOP]
    held = WORD.findall(text.lower())
    return bool(denied) and all(any(_alike(one, other) for other in held) for one in denied)


def _alike(one: str, other: str) -> bool:
    """Whether two words are forms of one: `pallet` and `pallets`."""
    short, long = sorted((one, other), key=len)
    return long in (short, f"{short}s", f"{short}es") or (
        len(short) > 3 and len(long) - len(short) < 3 and long.startswith(short[:-1])
    )


def quoted(at: datetime, now: datetime, place: str, text: str) -> str:
    """A moment in a sentence: `On Sunday 15 November at 16:26, gate: a sign reads "ROAD CLOSED".`"""
    when = f"At {at:%H:%M}" if at.date() == now.date() else f"On {day(at, now)} at {at:%H:%M}"
    end = "" if text.rstrip('"').endswith((".", "!", "?")) else "."
    return f"{when}, {place}: {text}{end}"


def time_said(at: datetime, now: datetime) -> str:
    """A time as people say it: `16:42 on Friday 13 November`."""
    return f"{at:%H:%M}" if at.date() == now.date() else f"{at:%H:%M} on {day(at, now)}"


def day(at: datetime, now: datetime) -> str:
    """A day as people say it, whatever the locale: `Sunday 15 November`, with the year where it is another."""
    year = f" {at.year}" if at.year != now.year else ""
    return f"{_WEEKDAYS[at.weekday()]} {at.day} {_MONTHS[at.month - 1]}{year}"


def _unfinished(text: str, dates: Mapping[str, str]) -> int:
    """How many characters at the end may be the beginning of a clock time."""
    longest = max((len(clock) for clock in dates), default=0)
    for size in range(min(longest, len(text)), 0, -1):
        if any(clock.startswith(text[-size:]) for clock in dates):
            return size
    return 0
