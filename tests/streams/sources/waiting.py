"""Waiting for what another thread or process does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


async def until(condition: Callable[[], object], timeout_s: float = 20.0) -> None:
    """Return once `condition` holds; `TimeoutError` if it never does."""
    async with asyncio.timeout(timeout_s):
        while not condition():  # noqa: ASYNC110 - the condition belongs to another thread or process
            await asyncio.sleep(0.005)
