"""What the plugins that announce entities to Home Assistant share: heed is one device there, whoever adds to it.

Device-based discovery: https://www.home-assistant.io/integrations/mqtt/#device-discovery-payload. Messages of discovery
are retained, so that Home Assistant finds them whenever it starts; heed sends them again when the broker is back, and
when Home Assistant says that it has begun.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

MAX_STATE_CHARS = 255
"""Home Assistant refuses longer states; longer texts are attributes."""

_ODD = re.compile(r"[^A-Za-z0-9_-]")


def identifier(node: str) -> str:
    """Of the device that stands for an agent."""
    return f"heed_{_ODD.sub('_', node)}"


def agent_device(node: str) -> dict[str, Any]:
    """The device that stands for an agent: the same for all plugins."""
    return {"identifiers": [identifier(node)], "name": f"heed {node}", "manufacturer": "heed"}


def online(topic: str) -> dict[str, str]:
    """An entry of `availability`; `online` and `offline` are the defaults there."""
    return {"topic": topic}


def announcement(
    prefix: str, object_id: str, node: str, device: Mapping[str, Any], components: Mapping[str, Any]
) -> tuple[str, bytes]:
    """`(topic, payload)` of a retained message of discovery; all components are there while the agent is."""
    payload = {
        "device": device,
        "origin": {"name": "heed"},
        "availability": [online(f"heed/{node}/availability")],
        "components": components,
    }
    return f"/{prefix}/device/{object_id}/config", json.dumps(payload, ensure_ascii=False).encode()


def state_of(text: str) -> str:
    """A text as a state: one line, not too long."""
    line = " ".join(text.split())
    return line if len(line) <= MAX_STATE_CHARS else line[: MAX_STATE_CHARS - 3].rstrip() + "..."
