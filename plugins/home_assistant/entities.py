"""What Home Assistant is told of: the agent's device, and one for each source. Pure.

Topics are relative to `heed/<node>/`, as `plugins.contract.Services.publish` takes them.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any

from plugins.discovery import agent_device, announcement, identifier, online
from plugins.home_assistant.options import Options

MAX_QUESTION_CHARS = 255
ANSWER = "assistant/answer"
HEALTH = "assistant/health"
SPEAKS = "assistant/speaks"
EVENT_TYPES = ("enters", "named", "stays", "moves", "leaves")

_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class About:
    """What is known of a source, as far as it decides what there is to announce."""

    name: str
    sees: bool = True
    hears: bool = False


def slug(name: str) -> str:
    """A source's name as a level of topics and part of an id: itself where it can be, else made so, and distinct."""
    if _NAME.fullmatch(name):
        return name
    digest = hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:6]
    return f"{re.sub(r'[^A-Za-z0-9_-]', '_', name)[:50]}_{digest}"


def topic(source: str, what: str) -> str:
    """Where something about a source is published."""
    return f"source/{slug(source)}/{what}"


def agent(options: Options, plugin: str) -> tuple[str, bytes]:
    """`(topic, payload)` that announces the agent itself.

    Args:
        options: of the plugin.
        plugin: the name under which it takes commands.
    """
    device, base = identifier(options.node), f"heed/{options.node}"
    tell = {"type": "plugin", "plugin": plugin, "command": "speak"}
    components: dict[str, Any] = {
        "health": {
            "p": "sensor",
            "unique_id": f"{device}_health",
            "name": "Health",
            "state_topic": f"{base}/{HEALTH}",
            "value_template": "{{ value_json.state }}",
            "json_attributes_topic": f"{base}/{HEALTH}",
            "device_class": "enum",
            "options": ["ok", "degraded", "failed"],
            "entity_category": "diagnostic",
        },
        "speaks": {
            "p": "switch",
            "unique_id": f"{device}_speaks",
            "name": "Speaks aloud",
            "icon": "mdi:account-voice",
            "command_topic": f"{base}/command",
            "payload_on": json.dumps({**tell, "on": True}),
            "payload_off": json.dumps({**tell, "on": False}),
            "state_topic": f"{base}/{SPEAKS}",
            "state_on": "ON",
            "state_off": "OFF",
        },
    }
    if options.ask:
        components["ask"] = {
            "p": "text",
            "unique_id": f"{device}_ask",
            "name": "Ask",
            "icon": "mdi:comment-question",
            "command_topic": f"{base}/ask",
            "max": MAX_QUESTION_CHARS,
        }
        components["answer"] = {
            "p": "sensor",
            "unique_id": f"{device}_answer",
            "name": "Answer",
            "icon": "mdi:comment-text",
            "force_update": True,  # the same answer to another question is news
            "state_topic": f"{base}/{ANSWER}",
            "value_template": "{{ value_json.state }}",
            "json_attributes_topic": f"{base}/{ANSWER}",
        }
    return announcement(options.discovery_prefix, device, options.node, agent_device(options.node), components)


def source(options: Options, about: About) -> tuple[str, bytes]:
    """`(topic, payload)` that announces a source as a device of its own."""
    agent_id = identifier(options.node)
    device = f"{agent_id}_{slug(about.name)}"
    base = f"heed/{options.node}/source/{slug(about.name)}"
    components = _health(device, base)
    if about.sees:
        components |= _seeing(device, base, options.node)
        if options.pictures:
            components["picture"] = {
                "p": "camera",
                "unique_id": f"{device}_picture",
                "name": "Picture",
                "topic": f"{base}/picture",
                **_there(base, options.node),
            }
    if about.hears and options.transcripts:
        components["said"] = {
            "p": "sensor",
            "unique_id": f"{device}_said",
            "name": "Last said",
            "icon": "mdi:format-quote-close",
            "state_topic": f"{base}/said",
            "value_template": "{{ value_json.state }}",
            "json_attributes_topic": f"{base}/said",
        }
    block = {
        "identifiers": [device],
        "name": f"heed {about.name.replace('_', ' ').replace('-', ' ')}",
        "manufacturer": "heed",
        "via_device": agent_id,
    }
    return announcement(options.discovery_prefix, device, options.node, block, components)


def forgotten(options: Options, name: str) -> tuple[str, bytes]:
    """`(topic, payload)` that takes a source's device away again."""
    device = f"{identifier(options.node)}_{slug(name)}"
    return f"/{options.discovery_prefix}/device/{device}/config", b""


def _there(base: str, node: str) -> dict[str, Any]:
    """For what makes sense only while the camera sends pictures."""
    topics = [online(f"heed/{node}/availability"), online(f"{base}/availability")]
    return {"availability": topics, "availability_mode": "all"}


def _health(device: str, base: str) -> dict[str, Any]:
    return {
        "health": {
            "p": "sensor",
            "unique_id": f"{device}_health",
            "name": "Health",
            "state_topic": f"{base}/health",
            "value_template": "{{ value_json.state }}",
            "json_attributes_topic": f"{base}/health",
            "device_class": "enum",
            "options": ["ok", "degraded", "failed"],
            "entity_category": "diagnostic",
        },
        "problem": {
            "p": "binary_sensor",
            "unique_id": f"{device}_problem",
            "name": "Problem",
            "state_topic": f"{base}/problem",
            "device_class": "problem",
        },
    }


def _seeing(device: str, base: str, node: str) -> dict[str, Any]:
    there = _there(base, node)
    return {
        "person": {
            "p": "binary_sensor",
            "unique_id": f"{device}_person",
            "name": "Person",
            "state_topic": f"{base}/person",
            "device_class": "occupancy",
            **there,
        },
        "motion": {
            "p": "binary_sensor",
            "unique_id": f"{device}_motion",
            "name": "Motion",
            "state_topic": f"{base}/motion",
            "device_class": "motion",
            **there,
        },
        "people": {
            "p": "sensor",
            "unique_id": f"{device}_people",
            "name": "People",
            "icon": "mdi:account-group",
            "state_topic": f"{base}/people",
            "state_class": "measurement",
            **there,
        },
        "quality": {
            "p": "sensor",
            "unique_id": f"{device}_quality",
            "name": "Quality",
            "state_topic": f"{base}/quality",
            "value_template": "{{ value_json.state }}",
            "json_attributes_topic": f"{base}/quality",
            "entity_category": "diagnostic",
            **there,
        },
        "seen": {
            "p": "event",
            "unique_id": f"{device}_seen",
            "name": "Seen",
            "state_topic": f"{base}/seen",
            "event_types": list(EVENT_TYPES),
            **there,
        },
    }
