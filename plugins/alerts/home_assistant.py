"""MQTT discovery for Home Assistant: one device, for each rule an event, an image and a state. Pure.

The device-based form of discovery: https://www.home-assistant.io/integrations/mqtt/#device-discovery-payload.
Messages of discovery are retained, so that Home Assistant finds them whenever it starts, and heed sends again what is
retained whenever the broker is back: no birth message need be waited for. States are limited to 255 characters there;
an alert's sentence therefore is an attribute of the event.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from plugins.alerts.incidents import Change
from plugins.alerts.options import Options, slug
from plugins.alerts.rules import Rule

EVENT_TYPES = ("new", "update", "end")


def discovery(options: Options, rules: Sequence[Rule], gone: Sequence[str] = ()) -> tuple[str, bytes]:
    """`(topic, payload)` that announces the rules; entities of the rules named in `gone` are removed."""
    device = f"heed_{re.sub(r'[^A-Za-z0-9_-]', '_', options.node)}"
    components: dict[str, Any] = {}
    for rule in rules:
        components |= _entities(options.node, device, rule)
    for name in gone:
        for platform in ("event", "image", "binary_sensor"):
            components[f"{slug(name)}_{platform}"] = {"p": platform}
    payload = {
        "device": {"identifiers": [device], "name": f"heed {options.node}", "manufacturer": "heed"},
        "origin": {"name": "heed"},
        "availability_topic": f"heed/{options.node}/availability",
        "components": components,
    }
    return f"/{options.discovery_prefix}/device/{device}_alerts/config", json.dumps(payload).encode()


def _entities(node: str, device: str, rule: Rule) -> dict[str, Any]:
    name, base = slug(rule.name), f"heed/{node}/alert/{slug(rule.name)}"
    return {
        f"{name}_event": {
            "p": "event",
            "unique_id": f"{device}_{name}_event",
            "name": rule.name,
            "state_topic": f"{base}/event",
            "event_types": list(EVENT_TYPES),
        },
        f"{name}_image": {
            "p": "image",
            "unique_id": f"{device}_{name}_image",
            "name": f"{rule.name} picture",
            "image_topic": f"{base}/image",
            "content_type": "image/jpeg",
        },
        f"{name}_binary_sensor": {
            "p": "binary_sensor",
            "unique_id": f"{device}_{name}_state",
            "name": f"{rule.name} now",
            "state_topic": f"{base}/state",
            "device_class": "problem",
        },
    }


def event_payload(change: Change, node: str, time: str) -> bytes:
    """What the event entity receives, never retained: `event_type` is the phase, the rest become attributes.

    Args:
        change: the alert.
        node: the agent's name.
        time: of the alert, as people say it.
    """
    alert = change.alert
    return json.dumps(
        {
            "event_type": alert.phase,
            "id": alert.id,
            "rule": alert.rule,
            "severity": alert.severity,
            "node": node,
            "time": time,
            "text": alert.text,
            "source": change.source,
            "verdict": change.verdict,
            "evidence": list(alert.evidence),
        },
        ensure_ascii=False,
    ).encode()
