"""The plugins of a running agent as one, while they come and go."""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Self, cast

from agent.switchboard import Switchboard
from plugins.host import Host
from plugins.registered import Offers
from streams.clock import ManualClock


class SlowHost:
    """Has nothing to say, after a while."""

    offers = Offers(tools=("who",))

    def __init__(self, name: str) -> None:
        self.name, self.asked, self.go_on = name, asyncio.Event(), asyncio.Event()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.go_on.set()

    async def tool(self, question: str) -> str | None:
        self.asked.set()
        await self.go_on.wait()
        return None


async def test_plugins_may_be_switched_on_and_off_while_they_are_asked() -> None:
    first, second = SlowHost("first"), SlowHost("second")
    async with Switchboard(lambda event: None, ManualClock()) as board:
        await board.start([cast(Host, first)])
        asking = asyncio.create_task(board.tool("Who is there?"))
        await first.asked.wait()
        await board.start([cast(Host, second)])
        first.go_on.set()
        assert await asking is None
        assert not second.asked.is_set(), "it was not there when the question came"
