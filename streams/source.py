"""What every source promises."""

from __future__ import annotations

from collections.abc import AsyncIterator
from types import TracebackType
from typing import Protocol, Self, TypeVar

from streams.types import Media

M = TypeVar("M", bound=Media, covariant=True)


class Source(Protocol[M]):
    """A stream of time-stamped media: an async context manager (open, close) and an async iterator.

    Iteration ends when the stream ends; a fault is a `streams.errors.SourceError` (or a child) with one clear line.
    """

    name: str

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def __aiter__(self) -> AsyncIterator[M]: ...
