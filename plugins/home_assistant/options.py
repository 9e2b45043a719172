"""The table `[plugins.home_assistant]`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Options:
    """What Home Assistant gets."""

    node: str = "heed"
    """The agent's name in MQTT topics: that of `[agent] node`, unless another one is given."""
    sources: tuple[str, ...] = ()
    """Cameras that are announced at once: those of `[[sources]]`, unless others are given; more when heard of."""
    discovery_prefix: str = "homeassistant"
    ask: bool = True
    """A text entity in which the agent can be asked, and its answer."""
    pictures: bool = True
    """A picture of each camera."""
    picture_every_s: float = 10.0
    """It is made anew so often."""
    transcripts: bool = True
    """What was last said at each source."""
    quiet_s: float = 30.0
    """Nothing has moved for so long: the motion sensor is off again."""

    def __post_init__(self) -> None:
        if not 2 <= self.picture_every_s <= 3600:
            raise ValueError("picture_every_s must be between 2 and 3600")
        if not 1 <= self.quiet_s <= 3600:
            raise ValueError("quiet_s must be between 1 and 3600")
        prefix = self.discovery_prefix
        if not prefix or prefix[0] in "/$" or set(prefix) & set("+#\0"):
            raise ValueError("discovery_prefix must be a topic without wildcards")
