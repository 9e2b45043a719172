"""The plugins of a running agent as one: events to all of them; commands and pages to the one that is meant."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Self

from dialog.events import Event, PluginReply, Tell
from plugins.contract import Request
from plugins.host import Host
from streams.clock import Clock
from streams.errors import HeedError

TOOL_S = 3.0
"""A user's question waits so long for plugins, then the language model answers."""
MAX_COMMANDS = 16
"""Commands that may be at work at once."""
PAGE_S = 10.0


class Switchboard:
    """An async context manager: its hosts run while it is open."""

    def __init__(self, publish: Callable[[Event], None], clock: Clock) -> None:
        self._publish, self._clock = publish, clock
        self._hosts: dict[str, Host] = {}
        self._stacks: dict[str, AsyncExitStack] = {}
        self._at_work: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in tuple(self._at_work):
            task.cancel()
        await asyncio.gather(*self._at_work, return_exceptions=True)
        hosts = AsyncExitStack()
        for stack in self._stacks.values():
            hosts.push_async_exit(stack)
        await hosts.__aexit__(kind, error, trace)

    async def start(self, hosts: Sequence[Host]) -> None:
        """Begin to run plugins; returns before they are set up. One of the same name is ended first, and says its last
        words."""
        for host in hosts:
            await self.stop(host.name)
            stack = AsyncExitStack()
            self._hosts[host.name] = await stack.enter_async_context(host)
            self._stacks[host.name] = stack

    async def stop(self, name: str) -> None:
        """End a plugin, if it runs."""
        self._hosts.pop(name, None)
        if (stack := self._stacks.pop(name, None)) is not None:
            await stack.aclose()

    @property
    def hosts(self) -> Mapping[str, Host]:
        """By name."""
        return self._hosts

    def feed(self, event: Event) -> None:
        """Let all plugins see an event: a tap for `Bus.tap`."""
        for host in self._hosts.values():
            host.feed(event)

    async def tool(self, question: str) -> str | None:
        """What plugins say to a user's own question; None: nothing, or not in time."""
        try:
            async with asyncio.timeout(TOOL_S):
                for host in tuple(self._hosts.values()):  # they come and go while one is asked
                    if host.offers.tools and (text := await _tool(host, question)):
                        return text
        except TimeoutError:
            pass
        return None

    def tell(self, command: Tell) -> None:
        """Have a command carried out; its line is published as a `PluginReply` to whoever sent it."""
        if len(self._at_work) >= MAX_COMMANDS:
            self._reply(command, "too many commands are at work; try again in a moment", False)
            return
        task = asyncio.create_task(self._obey(command), name=f"command to plugin {command.plugin}")
        self._at_work.add(task)
        task.add_done_callback(self._at_work.discard)

    async def page(self, plugin: str, request: Request) -> tuple[str, bytes] | None:
        """`(content type, body)` of a page, or None.

        Raises:
            HeedError: the plugin is not switched on, does not run, failed, or takes too long.
        """
        try:
            async with asyncio.timeout(PAGE_S):
                return await self._named(plugin).page(request)
        except TimeoutError:
            raise HeedError(f"plugin {plugin} has not answered within {PAGE_S:g} s") from None

    async def command(self, plugin: str, command: str, arguments: Mapping[str, str]) -> str:
        """Have a plugin carry out a command; returns its line.

        Raises:
            HeedError: the plugin is not switched on, does not run, refuses, failed, or takes too long.
        """
        try:
            async with asyncio.timeout(PAGE_S):
                return await self._named(plugin).command(command, arguments)
        except TimeoutError:
            raise HeedError(f"plugin {plugin} has not answered within {PAGE_S:g} s") from None

    def status(self) -> dict[str, str]:
        """A line for each plugin."""
        return {name: host.status for name, host in self._hosts.items()}

    async def _obey(self, command: Tell) -> None:
        try:
            line = await self._named(command.plugin).command(command.command, dict(command.arguments))
        except HeedError as error:
            self._reply(command, str(error), False)
        else:
            self._reply(command, line, True)

    def _named(self, plugin: str) -> Host:
        if plugin not in self._hosts:
            known = ", ".join(self._hosts) or "none"
            raise HeedError(f"no plugin {plugin[:64]!r} is switched on; switched on: {known}")
        return self._hosts[plugin]

    def _reply(self, command: Tell, text: str, ok: bool) -> None:
        told = PluginReply(self._clock.now_ns(), command.plugin[:64], command.command[:64], text, ok, command.source)
        self._publish(told)


async def _tool(host: Host, question: str) -> str | None:
    try:
        return await host.tool(question)
    except HeedError:  # what is wrong with it is said in its health
        return None
