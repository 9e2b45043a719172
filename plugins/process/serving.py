"""What a plugin's process asks of heed, carried out; and what it says, made fit for people."""

from __future__ import annotations

import asyncio
from typing import Any

from plugins.contract import Services
from plugins.process.codec import decode
from plugins.process.frames import Frame
from plugins.registered import MAX_PAGE_BYTES, MAX_TEXT_CHARS
from streams.errors import HeedError


async def serve(services: Services, frame: Frame, seconds: float) -> tuple[Any, bytes]:
    """Carry out a call of a service: `(value, body)` of its reply.

    Raises:
        HeedError: it cannot be done, takes too long, or the call is malformed.
    """
    header = frame.header
    try:
        async with asyncio.timeout(seconds):
            match header.get("name"):
                case "ask":
                    lines = decode(tuple[tuple[str, str, int], ...], header.get("lines"), "lines")
                    question = decode(str, header.get("question"), "question")[:MAX_TEXT_CHARS]
                    return await services.ask(question, list(lines), decode(int, header.get("now_ns"), "now_ns")), b""
                case "picture":
                    picture = await services.picture(decode(str, header.get("percept"), "percept"))
                    return picture is not None, picture or b""
                case "view":
                    view = await services.view(decode(str, header.get("source"), "source"))
                    return view is not None, view or b""
                case "publish":
                    topic = decode(str, header.get("topic"), "topic")
                    return await services.publish(topic, frame.body, header.get("retain") is True), b""
                case "say":
                    text = decode(str, header.get("text"), "text")[:MAX_TEXT_CHARS]
                    return await services.say(text, decode(str, header.get("source"), "source")), b""
                case other:
                    raise HeedError(f"there is no service {line_of(other, 40)!r}")
    except TimeoutError:
        raise HeedError(f"the service has not answered within {seconds:g} s") from None


def page_of(frame: Frame) -> tuple[str, bytes] | None:
    """`(content type, body)` of a page's reply."""
    kind = frame.header.get("v")
    if kind is None:
        return None
    if len(frame.body) > MAX_PAGE_BYTES:
        raise HeedError("the page is too large")
    return line_of(kind, 100), frame.body


def line_of(value: object, most: int = 400) -> str:
    """Untrusted text as one line for a person: no control characters, not too long."""
    text = "" if value is None else str(value)[: 4 * most]
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:most]
