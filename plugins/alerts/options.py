"""The table `[plugins.alerts]`."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from plugins.alerts.rules import MAX_RULES, Rule


@dataclass(frozen=True, slots=True)
class Options:
    """Where alerts go, and the rules."""

    rules: tuple[Rule, ...] = ()
    node: str = "heed"
    """The agent's name in MQTT topics: that of `[agent] node`, unless another one is given."""
    home_assistant: bool = True
    """Announce an event, an image and a state for each rule by MQTT discovery."""
    discovery_prefix: str = "homeassistant"
    webhook: str = ""
    """URL to which each notification is posted as JSON: `http://` or `https://`; redirects are refused."""
    webhook_timeout_s: float = 5.0
    desktop: bool = False
    """Show notifications on this desktop, by `notify-send`."""
    log: bool = True
    """Keep alerts in `alerts.jsonl` in the plugin's folder (two files of 4 MiB at most)."""
    judge_aside: bool = True
    """Sentences are judged beside the plain rules, which need not wait; false: in turn, for repeatable recordings."""

    def __post_init__(self) -> None:
        if self.webhook and (
            urlsplit(self.webhook).scheme not in ("http", "https") or not urlsplit(self.webhook).hostname
        ):
            raise ValueError("webhook must be a URL that begins with http:// or https://")
        if not 0.1 <= self.webhook_timeout_s <= 60:
            raise ValueError("webhook_timeout_s must be between 0.1 and 60")
        if len(self.rules) > MAX_RULES:
            raise ValueError(f"there are more than {MAX_RULES} rules")
        names = [slug(rule.name) for rule in self.rules]
        if len(set(names)) != len(names):
            raise ValueError("two rules have the same name")


def slug(name: str) -> str:
    """A rule's name as part of an MQTT topic: `front door` becomes `front_door`."""
    return name.lower().replace(" ", "_")
