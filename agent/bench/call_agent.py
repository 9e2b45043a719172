"""The agent of `heed bench call`, in a process of its own: the callers' work is neither in its way nor in its share."""

from __future__ import annotations

import asyncio
import multiprocessing
import resource
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from typing import Any

from agent.config import Config, WebConfig
from streams.errors import HeedError

START_S = 300.0
STOP_S = 30.0
MAX_CALLS = 32


@dataclass(frozen=True, slots=True)
class Usage:
    """What the agent's process has used so far."""

    processor_s: float
    """Seconds of processor time, of all its threads, in user and system mode."""
    memory_mb: float
    """Peak resident memory."""


class AgentProcess:
    """A running agent elsewhere. Made by `agent_process`."""

    def __init__(self, url: str, pipe: Connection, executor: ThreadPoolExecutor) -> None:
        self.url = url
        self._pipe = pipe
        self._executor = executor

    async def usage(self) -> Usage:
        """What it has used.

        Raises:
            HeedError: it has died.
        """
        self._pipe.send("usage")
        answer = await _receive(self._pipe, self._executor, 30.0)
        return Usage(*answer)


@asynccontextmanager
async def agent_process(config: Config, token: str = "") -> AsyncIterator[AgentProcess]:
    """Start the agent with a web server on a free port of loopback; stop it in the end.

    Raises:
        HeedError: it does not start; its own line says why.
    """
    web = WebConfig(port=0, token=token, max_peers=MAX_CALLS, echo_cancellation=config.web.echo_cancellation)
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    child = context.Process(target=_main, args=(replace(config, web=web), theirs), name="heed-bench-agent", daemon=True)
    child.start()
    theirs.close()
    with ThreadPoolExecutor(1, "bench-agent") as executor:
        try:
            yield AgentProcess(await _receive(ours, executor, START_S), ours, executor)
        finally:
            ours.close()  # the agent's end of it: it stops
            await asyncio.get_running_loop().run_in_executor(executor, child.join, STOP_S)
            if child.is_alive():
                child.kill()


async def _receive(pipe: Connection, executor: ThreadPoolExecutor, timeout_s: float) -> Any:
    def receive() -> Any:
        try:
            return pipe.recv() if pipe.poll(timeout_s) else HeedError("the agent's process does not answer")
        except (EOFError, OSError):
            return HeedError("the agent's process has ended")

    answer = await asyncio.get_running_loop().run_in_executor(executor, receive)
    if isinstance(answer, HeedError):
        raise answer
    return answer


def _main(config: Config, pipe: Connection) -> None:
    """The other process."""
    import logging

    for chatty in ("aioice", "aiortc", "transformers", "httpx", "faster_whisper"):
        logging.getLogger(chatty).setLevel(logging.ERROR)
    try:
        asyncio.run(_serve(config, pipe))
    except HeedError as error:
        pipe.send(HeedError(str(error)))
    except KeyboardInterrupt:
        return


async def _serve(config: Config, pipe: Connection) -> None:
    from agent.wiring import running_agent

    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(1, "bench-pipe") as executor:
        async with running_agent(config, lambda line: None) as agent:
            pipe.send(agent.url)
            try:
                while await loop.run_in_executor(executor, pipe.recv) == "usage":
                    used = resource.getrusage(resource.RUSAGE_SELF)
                    pipe.send((used.ru_utime + used.ru_stime, used.ru_maxrss / 1024))
            except (EOFError, OSError):
                return
