"""`heed bench call`, several calls at once: until the 95th percentile doubles, and what each call costs."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass

from agent.bench.call_agent import AgentProcess
from agent.bench.call_latency import ask, percentile, questions
from agent.bench.call_line import Line

IDLE_S = 5.0
APART_S = 1.7
"""People do not all speak at the same moment: each begins this much after the one before."""


@dataclass(frozen=True, slots=True)
class Load:
    """So many calls at once."""

    calls: int
    p50_s: float | None
    p95_s: float | None
    missing: int
    """Questions without an audible answer."""
    asked: int
    idle_share: float
    """Share of one core that the agent's process takes for each call in which nobody speaks."""
    busy_share: float
    """The same, while everybody asks."""


async def load(agent: AgentProcess, most: int, turns: int) -> AsyncIterator[Load]:
    """One call, two, ... until the 95th percentile has doubled, answers are missing, or there are `most`."""
    first: float | None = None
    async with AsyncExitStack() as calls:
        lines: list[Line] = []
        for n in range(1, most + 1):
            lines.append(await calls.enter_async_context(Line(agent.url, f"load{n}")))
            result = await _measure(agent, lines, turns)
            yield result
            first = result.p95_s if first is None else first
            if result.missing or first is None or (result.p95_s or 0.0) > 2 * first:
                return


async def _measure(agent: AgentProcess, lines: list[Line], turns: int) -> Load:
    idle = await _share(agent, asyncio.sleep(IDLE_S))
    times: list[float | None] = []

    async def talk(line: Line, place: int) -> None:
        await line.pause(place * APART_S)
        for sound in questions(place + turns)[place:]:
            times.append((await ask(line, sound)).voice_to_voice_s)

    async def everybody() -> None:
        async with asyncio.TaskGroup() as group:
            for place, line in enumerate(lines):
                group.create_task(talk(line, place))

    busy = await _share(agent, everybody())
    known = [t for t in times if t is not None]
    n = len(lines)
    return Load(
        n, percentile(known, 0.5), percentile(known, 0.95), len(times) - len(known), len(times), idle / n, busy / n
    )


async def _share(agent: AgentProcess, work: object) -> float:
    """Cores that the agent's process uses while work is done."""
    before, start = await agent.usage(), time.perf_counter()
    await work  # type: ignore[misc]
    after, end = await agent.usage(), time.perf_counter()
    return (after.processor_s - before.processor_s) / (end - start)
