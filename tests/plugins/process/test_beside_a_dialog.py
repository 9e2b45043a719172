"""A conversation with every kind of bad plugin beside it at once: it goes on, and good plugins do."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

from agent.bus import Bus
from agent.core import Core, CoreOptions
from agent.services import AgentServices, Outlet
from agent.switchboard import Switchboard
from agent.web.pictures import Pictures
from agent.wiring import start_plugins
from dialog.events import Caption, Event, Reply
from plugins.inline import Surroundings
from plugins.process.host import Named, ProcessHost
from plugins.process.limits import Limits
from streams.clock import MonotonicClock
from streams.types import Health, Percept
from tests.fakes import FakeMind, organs
from tests.streams.sources.waiting import until

BAD = "agent.bench.plugins_misbehaving"
NAMES = ("hangs", "waits", "raises", "floods", "trickles", "eats", "gulps", "dies", "crashes", "forges")
LIMITS = Limits(hang_s=3, handler_s=3, pauses_s=(0.1, 0.2), beat_s=0.2, memory_bytes=128 << 20)


async def test_a_conversation_goes_on_beside_every_bad_plugin(tmp_path: Path) -> None:
    bus, clock, events = Bus(), MonotonicClock(), list[Event]()
    board = Switchboard(bus.publish, clock)
    with ThreadPoolExecutor(2) as pool:
        async with asyncio.timeout(200), AsyncExitStack() as stack:
            parts = replace(organs(clock, bus, pool), tools=board.tool)
            core = await stack.enter_async_context(Core(parts, bus, CoreOptions()))
            outlet = Outlet("heed", False)
            around = Surroundings(
                AgentServices(core, lambda tokens: FakeMind(), Pictures(), outlet), bus.publish, tmp_path
            )
            hosts = [ProcessHost(Named(n, f"{BAD}:{n}", {}), around, clock, LIMITS) for n in ("good", *NAMES)]
            stack.enter_context(bus.tap(events.append))
            await start_plugins(stack, board, core, hosts, outlet)
            dialog = await stack.enter_async_context(core.converse("you"))
            number, late_s = 0, 0.0
            while not all(host.state == "quarantined" for host in hosts[1:]):
                number += 1
                t_ns = clock.now_ns()
                await core.observe(t_ns, [Percept("", "object", "door", t_ns, t_ns, f"parcel {number} arrives")])
                dialog.typed(f"Is parcel {number} there?")
                await dialog.settle()
                before_ns = clock.now_ns()
                await asyncio.sleep(0.05)
                late_s = max(late_s, (clock.now_ns() - before_ns) / 1e9 - 0.05)
            answers = [event.text for event in events if isinstance(event, Reply)]
            assert len(answers) == number and all(f"parcel {n + 1} " in text for n, text in enumerate(answers))
            good = hosts[0]
            await until(lambda: [e for e in events if isinstance(e, Caption)][-1].text == f"parcel {number} arrives")
            assert good.state == "running" and good.status == "well" and await good.command("pid", {}) == str(good.pid)
            told = {e.component: e.reason for e in events if isinstance(e, Health) and e.state == "failed"}
            assert set(told) == {f"plugin:{name}" for name in NAMES}
            print(f"{number} questions answered meanwhile; the event loop was at most {late_s * 1e3:.0f} ms late")
            for component, reason in told.items():
                print(f"{component}: {reason}")
