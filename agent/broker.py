"""A small MQTT broker inside the program, for people who have none. Loopback only."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from amqtt.broker import Broker
from amqtt.errors import BrokerError

from streams.errors import HeedError

HOST = "127.0.0.1"
MAX_CONNECTIONS = 64


class BrokerStartError(HeedError):
    """The embedded broker cannot start."""

    code = "broker"


@asynccontextmanager
async def embedded_broker(port: int = 1883) -> AsyncIterator[str]:
    """Run a broker (amqtt, MQTT 3.1.1, no log-in) on loopback as long as the context lasts; yields its URL.

    Args:
        port: where to listen; 0 for any free port.

    Raises:
        BrokerStartError: the port is in use.
    """
    # Its own log has a line for every packet and connection; what matters here is raised.
    for name in ("amqtt", "transitions"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    broker = Broker(
        {
            "listeners": {
                "default": {"type": "tcp", "bind": f"{HOST}:{port}", "max_connections": MAX_CONNECTIONS},
            },
            "plugins": {"amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": True}},
        }
    )
    try:
        await broker.start()
    except BrokerError as error:
        raise BrokerStartError(
            f"the MQTT broker cannot listen on {HOST}:{port}: is another one running there? "
            "Set another port, or give that broker's URL"
        ) from error
    try:
        sockets = [s for server in broker._servers.values() for s in server.instance.sockets]
        yield f"mqtt://{HOST}:{sockets[0].getsockname()[1]}"
    finally:
        await broker.shutdown()
