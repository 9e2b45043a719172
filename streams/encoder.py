"""What every encoder promises: incremental, causal, and indifferent to how its input was cut into chunks."""

from __future__ import annotations

from typing import Protocol, TypeVar

from streams.types import Media, Observation

S = TypeVar("S")
M = TypeVar("M", bound=Media, contravariant=True)


class Encoder(Protocol[S, M]):
    """Turns one kind of media into observations. Weights live in the encoder, the stream in its state.

    One encoder serves many streams, one state each. `step` and `flush` are plain, blocking functions: callers run
    them on a worker thread and never two at once on the same state. The contract that the tests hold against
    every encoder: the observations of a stream are the same however it was cut into chunks, and later input
    never changes earlier output. Percepts carry an empty `id`; the pump numbers them.
    """

    def init_state(self, source: str) -> S:
        """A fresh stream state for the source of that name."""
        ...

    def step(self, state: S, media: M) -> list[Observation]:
        """Take in one chunk or frame, in time order; return what can be said now, in order of time."""
        ...

    def flush(self, state: S) -> list[Observation]:
        """The stream ended: return what was still open."""
        ...
