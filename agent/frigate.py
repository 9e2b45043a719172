"""A Frigate on the same broker as a source: what it sees goes into the agent as if it had been seen here."""

from __future__ import annotations

from agent.core import Core
from agent.web.pictures import Pictures
from streams.mqtt.frigate import Frigate, Seen


async def perceive(frigate: Frigate, core: Core, pictures: Pictures) -> None:
    """Until it is closed."""
    async for item in frigate:
        if isinstance(item, Seen):
            if item.picture is not None:
                pictures.expect([percept.id for percept in item.percepts], item.picture)
            await core.observe(core.clock.now_ns(), item.percepts)
        else:
            pictures.show(item.camera, item.picture)
            for percept_id in item.about:
                pictures.keep(percept_id, item.picture)
