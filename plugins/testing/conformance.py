"""What the contract asks of any plugin, checked by running it: `check_plugin`."""

from __future__ import annotations

import asyncio
import json
import random
import threading
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from dialog.events import Event
from plugins.contract import Request, Setup
from plugins.inline import reason_of
from plugins.process.codec import CodecError, decode_event, encode
from plugins.testing.events import WEIRD, all_kinds, talk
from plugins.testing.hosting import Hosted, NotedServices, hosted
from streams.errors import HeedError
from streams.types import NS, Health

MAX_PER_EVENT = 16
"""Events that a plugin may emit for each that it is fed, on average."""
MAX_STATUS_CHARS = 200
SETTLE_S = 10.0
"""Threads and tasks that a plugin started have so long to end after it was stopped."""


class ContractBroken(AssertionError):
    """A plugin does what it must not; every rule that it broke is a line."""


@dataclass(slots=True)
class Checked:
    """What a check did, and what it found."""

    events: int = 0
    emitted: int = 0
    calls: int = 0
    """Commands, tools and pages tried."""
    broken: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Run:
    """Everything that came out of a plugin."""

    emitted: list[Event]
    sent: list[Any]
    asked: list[Any]
    status: str = ""
    why: str = ""


async def check_plugin(
    setup: Setup, folder: Path, table: Mapping[str, Any] | None = None, name: str = "checked", count: int = 300
) -> Checked:
    """Run a plugin as heed would, and as no sane heed would, and see that it keeps the contract:

    it can be set up again and again; refuses options that it does not know; takes events of every type with anything in
    them, and does not raise; gives the same for the same events; emits no more than it may, and only what can be sent;
    has a status of one line; answers every command, tool and page with what the contract says or a `HeedError`; and
    ends with all threads and tasks that it started.

    Args:
        setup: what the plugin's entry point names.
        folder: an empty folder.
        table: its table `[plugins.<name>]`.
        name: under which it runs.
        count: events of `all_kinds` to feed.

    Raises:
        ContractBroken: the rules that it broke, a line each.
    """
    table, told = dict(table or {}), Checked()
    threads, tasks = set(threading.enumerate()), asyncio.all_tasks()
    await _options(setup, folder / "options", table, name, told)
    events = [*talk(), *_later(all_kinds(count=count), 30)]
    first = await _run(setup, folder / "first", table, name, events)
    _outcome(first, events, told)
    second = await _run(setup, folder / "second", table, name, events)
    if not first.why and not second.why:
        _same(first, second, told)
        await _called(setup, folder / "calls", table, name, told)
    await _ended(threads, tasks, told)
    if told.broken:
        raise ContractBroken(f"plugin {name} breaks the contract:\n" + "\n".join(f"- {line}" for line in told.broken))
    return told


async def _options(setup: Setup, folder: Path, table: dict[str, Any], name: str, told: Checked) -> None:
    key = "no_such_option_of_any_plugin"
    async with hosted(setup, folder, {**table, key: 1}, name=name) as tried:
        reason = tried.host.quarantined.get(name)
    if reason is None:
        told.broken.append("it takes options that it does not know: read its table with `register.options`")
    elif key not in reason:
        told.broken.append(f"of an option that it does not know it says no more than: {reason}")


async def _run(setup: Setup, folder: Path, table: Mapping[str, Any], name: str, events: Sequence[Event]) -> _Run:
    services = NotedServices(lambda question, lines: ("yes", tuple(one[0] for one in lines[:2])))
    async with hosted(setup, folder, table, services, name) as tried:
        await tried.feed(*events)
        status = tried.host.status(name)
    asked = [services.asked, services.published, services.said]
    return _Run(list(tried.emitted), list(tried.sent), asked, status, tried.host.quarantined.get(name, ""))


def _outcome(run: _Run, events: Sequence[Event], told: Checked) -> None:
    told.events, told.emitted = len(events), len(run.emitted)
    if run.why:
        told.broken.append(f"it raises: {run.why}")
    if len(run.emitted) > MAX_PER_EVENT * len(events):
        told.broken.append(f"it emits {len(run.emitted)} events for {len(events)}: at most {MAX_PER_EVENT} for each")
    for event in run.emitted:
        if isinstance(event, Health) and event.component.startswith("plugin:"):
            continue
        try:
            if decode_event(json.loads(json.dumps(encode(event)))) != event:
                told.broken.append(f"what it emits is not the same when it has been sent: {event!r:.200}")
                break
        except (CodecError, TypeError, ValueError) as error:
            told.broken.append(f"what it emits cannot be sent: {reason_of(error)}")
            break
    if not isinstance(run.status, str) or len(run.status) > MAX_STATUS_CHARS or "\n" in run.status:
        told.broken.append(f"its status is not one line of at most {MAX_STATUS_CHARS} characters: {run.status!r:.100}")
    else:
        json.dumps(run.status)


def _same(first: _Run, second: _Run, told: Checked) -> None:
    for what, a, b in (
        ("emits", first.emitted, second.emitted),
        ("sends", first.sent, second.sent),
        ("asks of services", first.asked, second.asked),
    ):
        if repr(a) != repr(b):  # not `==`: NaN is not equal to itself
            told.broken.append(f"what it {what} differs between two runs with the same events")


async def _called(setup: Setup, folder: Path, table: Mapping[str, Any], name: str, told: Checked) -> None:
    """Commands, tools and pages, with sense and without."""
    rng = random.Random(1)
    async with hosted(setup, folder, table, name=name) as tried:
        await tried.feed(*talk())
        offers, host = tried.host.running[name].offers, tried.host
        for command, about in offers.commands:
            if not about.strip():
                told.broken.append(f"its command {command!r} does not say what it does")
            for arguments in ({}, *({rng.choice(("name", "id", "what", text[:64])): text} for text in WEIRD)):
                await _try(f"command {command!r}", host.command(name, command, arguments), tried, told)
        for pattern in offers.tools:
            for text in (pattern, *WEIRD):
                await _try(f"tool {pattern!r}", host.tool(text), tried, told)
        for path, content_type in offers.pages:
            if "/" not in content_type:
                told.broken.append(f"its page {path!r} has no content type such as text/plain, but {content_type!r}")
            for text in WEIRD:
                asked = Request(path.removesuffix("*") + text if path.endswith("*") else path, {"source": text})
                await _try(f"page {path!r}", host.page(name, asked), tried, told)


async def _try(what: str, call: Awaitable[Any], tried: Hosted, told: Checked) -> None:
    told.calls += 1
    name = next(iter(tried.host.running), "")
    if not name:
        if asyncio.iscoroutine(call):
            call.close()
        return
    try:
        await call
    except HeedError as error:
        if tried.host.quarantined:
            told.broken.append(f"its {what} raises: {error}")


async def _ended(threads: set[threading.Thread], tasks: set[asyncio.Task[Any]], told: Checked) -> None:
    left = [task for task in asyncio.all_tasks() - tasks if not task.done()]
    if left:
        _, pending = await asyncio.wait(left, timeout=SETTLE_S)
        if pending:
            told.broken.append(f"tasks go on after it was stopped: {', '.join(task.get_name() for task in pending)}")
    for thread in set(threading.enumerate()) - threads:
        if not thread.daemon:
            await asyncio.to_thread(thread.join, SETTLE_S)
            if thread.is_alive():
                told.broken.append(f"a thread goes on after it was stopped: {thread.name}")


def _later(events: Sequence[Event], seconds: int) -> list[Event]:
    return [replace(event, t_ns=event.t_ns + seconds * NS) for event in events]
