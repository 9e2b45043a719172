"""MQTT discovery for Home Assistant: for each rule an event, an image, a state and a switch. Pure.

States are limited to 255 characters there; an alert's sentence therefore is an attribute of the event. What else there
is to see of the agent, the plugin `home_assistant` announces for the same device.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from plugins.alerts.incidents import Change
from plugins.alerts.options import Options, slug
from plugins.alerts.rules import Rule
from plugins.discovery import agent_device, announcement, identifier

EVENT_TYPES = ("new", "update", "end")


def discovery(
    options: Options, rules: Sequence[Rule], gone: Sequence[str] = (), plugin: str = "alerts"
) -> tuple[str, bytes]:
    """`(topic, payload)` that announces the rules; entities of the rules named in `gone` are removed.

    Args:
        options: of the plugin.
        rules: those there are.
        gone: names of those that were.
        plugin: the name under which the plugin takes commands.
    """
    components: dict[str, Any] = {}
    for rule in rules:
        components |= _entities(options.node, identifier(options.node), rule, plugin)
    for name in gone:
        for platform in ("event", "image", "binary_sensor", "switch"):
            components[f"{slug(name)}_{platform}"] = {"p": platform}
    object_id = f"{identifier(options.node)}_alerts"
    return announcement(options.discovery_prefix, object_id, options.node, agent_device(options.node), components)


def switches(rules: Sequence[Rule]) -> list[tuple[str, bytes]]:
    """`(topic, payload)` of the state of each rule's switch."""
    return [(f"alert/{slug(rule.name)}/enabled", b"ON" if rule.enabled else b"OFF") for rule in rules]


def _entities(node: str, device: str, rule: Rule, plugin: str) -> dict[str, Any]:
    name, base = slug(rule.name), f"heed/{node}/alert/{slug(rule.name)}"
    change = {"type": "plugin", "plugin": plugin, "command": "change", "name": rule.name}
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
        f"{name}_switch": {
            "p": "switch",
            "unique_id": f"{device}_{name}_switch",
            "name": f"{rule.name} watched for",
            "command_topic": f"heed/{node}/command",
            "payload_on": json.dumps({**change, "enabled": True}),
            "payload_off": json.dumps({**change, "enabled": False}),
            "state_topic": f"{base}/enabled",
            "state_on": "ON",
            "state_off": "OFF",
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
