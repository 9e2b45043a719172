"""Leaving a task group whose owner is itself a context manager."""

from __future__ import annotations

import asyncio


async def leave(group: asyncio.TaskGroup, error: BaseException | None) -> None:
    """Wait for the group's tasks, at the end of the owner's `__aexit__`.

    A task group wraps an exception of its body into an `ExceptionGroup`; the owner's user expects his own exception
    back, so the group is told of cancellation only. A fault in one of its tasks is still raised, as a group.
    """
    told = error if isinstance(error, asyncio.CancelledError) else None
    await group.__aexit__(type(told) if told else None, told, told.__traceback__ if told else None)
