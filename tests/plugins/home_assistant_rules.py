"""What Home Assistant asks of a message of device discovery, as its MQTT integration documents it
(https://www.home-assistant.io/integrations/mqtt/): a message that breaks a rule is thrown away there as a whole."""

from __future__ import annotations

import json
import re
from typing import Any

REQUIRED = {
    "binary_sensor": {"state_topic"},
    "camera": {"topic"},
    "event": {"state_topic", "event_types"},
    "image": {"image_topic"},
    "sensor": {"state_topic"},
    "switch": {"command_topic"},
    "text": {"command_topic"},
}
COMMON = {
    "p", "unique_id", "name", "icon", "availability", "availability_mode", "entity_category", "device_class",
    "json_attributes_topic", "value_template",
}  # fmt: skip
ALLOWED = {
    "binary_sensor": {"off_delay", "expire_after"},
    "camera": set(),
    "event": set(),
    "image": {"content_type"},
    "sensor": {"state_class", "options", "expire_after", "force_update"},
    "switch": {"payload_on", "payload_off", "state_topic", "state_on", "state_off"},
    "text": {"max", "min", "mode", "state_topic"},
}
CLASSES = {
    "binary_sensor": {"problem", "occupancy", "motion", "connectivity"},
    "sensor": {"enum"},
}
MAX_OBJECT_ID = 250


def checked(topic: str, payload: bytes, prefix: str = "homeassistant") -> dict[str, Any]:
    """The message, after it was held against the rules."""
    found = re.fullmatch(rf"/?{prefix}/device/([A-Za-z0-9_-]+)/config", topic)
    assert found and len(found[1]) <= MAX_OBJECT_ID, topic
    message: dict[str, Any] = json.loads(payload)
    assert message["device"]["identifiers"] and message["device"]["name"]
    assert message["origin"]["name"]
    _availability(message)
    ids = []
    for key, entity in message["components"].items():
        assert re.fullmatch(r"[A-Za-z0-9_-]+", key), key
        platform = entity["p"]
        if set(entity) == {"p"}:
            continue  # this takes the entity away
        missing = (REQUIRED[platform] | {"unique_id"}) - set(entity)
        assert not missing, f"{key} lacks {missing}"
        unknown = set(entity) - COMMON - REQUIRED[platform] - ALLOWED[platform]
        assert not unknown, f"{key}: {platform} has no {unknown}"
        if "device_class" in entity:
            assert entity["device_class"] in CLASSES.get(platform, set()), key
        assert not entity["name"].lower().startswith(message["device"]["name"].lower()), "the name repeats the device's"
        for field in [f for f in entity if f.endswith("topic")]:
            _topic(entity[field])
        _availability(entity)
        ids.append(entity["unique_id"])
    assert len(set(ids)) == len(ids), "an id is not unique"
    return message


def state_fits(payload: bytes) -> bool:
    """Whether this can be a state."""
    return len(payload.decode()) <= 255


def _availability(part: dict[str, Any]) -> None:
    assert not ("availability" in part and "availability_topic" in part), "either the one or the other"
    for entry in part.get("availability", []):
        _topic(entry["topic"])


def _topic(topic: str) -> None:
    assert topic and not set(topic) & set("+#\0") and len(topic) <= 256, topic
