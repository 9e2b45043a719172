"""The sections `[mqtt]` and `[frigate]` of the configuration."""

from __future__ import annotations

from dataclasses import dataclass

from agent.tables import ConfigError


@dataclass(frozen=True, slots=True)
class MqttConfig:
    url: str = ""
    """`mqtt://host:1883` or `mqtts://...`; `embedded` starts a small broker; empty for none."""
    username: str = ""
    """Name to log in with."""
    password: str = ""
    """Password (HEED_MQTT_PASSWORD keeps it out of the file)."""
    embedded_port: int = 1883
    """Port of the embedded broker (loopback only)."""
    ca_file: str = ""
    """Certificates to trust with `mqtts` and `wss`; empty for the system's."""
    cert_file: str = ""
    """Certificate to show to a broker that wants one."""
    key_file: str = ""
    """Its key."""
    alert_qos: int = 1
    """Of alerts. With 2, a subscriber of QoS 2 that keeps its session gets each exactly once; not all brokers can."""
    birth_topic: str = "homeassistant/status"
    """Where Home Assistant says `online`: what is retained is sent again then; empty for nowhere."""


@dataclass(frozen=True, slots=True)
class FrigateConfig:
    read: str = ""
    """Prefix of a Frigate's topics, such as `frigate`: what it sees is perceived here; empty for none."""
    write: str = ""
    """Prefix below which what is seen is written as Frigate's events; empty for none."""


def check_topics(mqtt: MqttConfig, frigate: FrigateConfig) -> None:
    """Whether the topics named are topics, and none is one's own.

    Raises:
        ConfigError: one line naming the key.
    """
    named = {"frigate.read": frigate.read, "frigate.write": frigate.write, "mqtt.birth_topic": mqtt.birth_topic}
    for key, topic in named.items():
        own = f"{topic}/".startswith("heed/")
        if topic and (len(topic) > 128 or own or topic[0] in "$/" or topic[-1] == "/" or set(topic) & set("+#\0")):
            raise ConfigError(f"'{key}' must be a topic without wildcards, not below heed/, of at most 128 characters")
    if frigate.read and frigate.read == frigate.write:
        raise ConfigError("'frigate.write' must be another prefix than 'frigate.read'")
    if (frigate.read or frigate.write) and not mqtt.url:
        raise ConfigError("'frigate' needs a broker: set 'mqtt.url'")
    if bool(mqtt.cert_file) != bool(mqtt.key_file):
        raise ConfigError("'mqtt.cert_file' and 'mqtt.key_file' go together")
