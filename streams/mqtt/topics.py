"""The MQTT topics of heed, as data, and the pure functions that read and write them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from streams.errors import MediaError

ROOT = "heed"
MAX_TOPIC_CHARS = 256
MAX_TOPIC_BYTES = 65_535
"""Of MQTT itself."""

InKind = Literal["text", "video", "audio", "ask", "command"]

_WILD = frozenset("+#\0")
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")


@dataclass(frozen=True, slots=True)
class TopicRow:
    """One line of the topic table. `topic` is relative to `heed/<node>`."""

    direction: Literal["in", "out"]
    topic: str
    payload: str
    qos: int
    retained: bool


TOPICS: tuple[TopicRow, ...] = (
    TopicRow("in", "in/text", 'text, or JSON {"text": ..., "speaker": ...}', 1, False),
    TopicRow("in", "in/video/<camera>", "one JPEG a message", 0, False),
    TopicRow(
        "in",
        "in/audio/<microphone>",
        'a line of JSON {"rate": Hz, "width": bytes, "channels": n, "timestamp": ms}, then PCM (little endian)',
        0,
        False,
    ),
    TopicRow("in", "ask", "a question as text or JSON; answered in turn, on its MQTT 5 response topic", 1, False),
    TopicRow("in", "command", "a command, as the JSON lines that go in", 1, False),
    TopicRow("out", "availability", "`online` or `offline` (also as last will)", 1, True),
    TopicRow("out", "transcript", "JSON line", 0, False),
    TopicRow("out", "percept", "JSON line", 0, False),
    TopicRow("out", "reply", "JSON line, for questions without a response topic and spoken ones", 0, False),
    TopicRow("out", "reply/audio", "WAV of the spoken reply", 0, False),
    TopicRow("out", "caption/<lang>", "JSON line", 0, False),
    TopicRow("out", "alert", "JSON line", 1, False),
    TopicRow("out", "plugin", "JSON line: what a plugin says to a command", 0, False),
    TopicRow("out", "health", "JSON line", 0, False),
)
"""Every topic that heed listens to or publishes. Media are QoS 0 and never retained."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """What a topic of an incoming message says."""

    kind: InKind
    name: str
    """Of the camera or microphone; empty for text and questions."""


def prefix(node: str) -> str:
    """`heed/<node>`.

    Raises:
        ValueError: a name that MQTT or a file system could misread.
    """
    if not is_name(node):
        raise ValueError(f"the node name {node[:80]!r} must be 1 to 64 of A-Z a-z 0-9 _ . -")
    return f"{ROOT}/{node}"


def is_name(name: str) -> bool:
    """Whether a node, camera or microphone may be called so."""
    return _NAME.fullmatch(name) is not None


def subscriptions(node: str) -> list[str]:
    """What to subscribe to. Wide enough to see, and name, what was sent to a wrong topic below `in`."""
    return [f"{prefix(node)}/in/#", f"{prefix(node)}/ask", f"{prefix(node)}/command"]


def parse(node: str, topic: str) -> Incoming:
    """Read an incoming topic.

    Raises:
        MediaError: one line that says what is wrong with it.
    """
    base = prefix(node) + "/"
    if not topic.startswith(base):
        raise MediaError(f"the topic {topic[:MAX_TOPIC_CHARS]!r} is not below {base}")
    levels = topic[len(base) :].split("/")
    if levels == ["ask"]:
        return Incoming("ask", "")
    if levels == ["command"]:
        return Incoming("command", "")
    if levels == ["in", "text"]:
        return Incoming("text", "")
    if len(levels) == 3 and levels[0] == "in" and levels[1] in ("video", "audio"):
        if not is_name(levels[2]):
            raise MediaError(f"the name {levels[2][:80]!r} must be 1 to 64 of A-Z a-z 0-9 _ . -")
        return Incoming("video" if levels[1] == "video" else "audio", levels[2])
    raise MediaError(
        f"nothing is expected on {topic[:MAX_TOPIC_CHARS]!r}; use in/text, in/video/<camera>, "
        f"in/audio/<microphone>, ask or command below {base}"
    )


def response_topic(node: str, topic: str) -> str:
    """Check the topic that an asker wants its reply on: no wildcard, no `$`, none that this agent listens to.

    Raises:
        MediaError: it must not be used.
    """
    base = prefix(node)
    own = topic in (f"{base}/ask", f"{base}/command") or topic.startswith(f"{base}/in/")
    if not topic or len(topic) > MAX_TOPIC_CHARS or topic.startswith("$") or _WILD & set(topic) or own:
        raise MediaError(f"the response topic {topic[:80]!r} cannot be used; the answer goes to {base}/reply")
    return topic


def can_publish(topic: str) -> bool:
    """Whether MQTT lets a message be published there: no wildcard, and something, but not too much, of UTF-8."""
    try:
        return 0 < len(topic.encode()) <= MAX_TOPIC_BYTES and not _WILD & set(topic)
    except UnicodeEncodeError:
        return False


def table() -> str:
    """The topics as a Markdown table, for the README."""
    lines = ["| direction | topic | payload | QoS | retained |", "|---|---|---|---|---|"]
    for row in TOPICS:
        retained = "yes" if row.retained else "no"
        lines.append(f"| {row.direction} | `{row.topic}` | {row.payload} | {row.qos} | {retained} |")
    return "\n".join(lines)
