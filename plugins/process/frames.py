"""Messages between heed and a plugin's process: a JSON header and raw bytes, each with its length before it.

    4 bytes  length of the header, big endian
    4 bytes  length of the body, big endian
    header   JSON object; its field `m` says what it is
    body     bytes: a picture, a page, a payload; mostly empty

Lengths are checked before anything is read, so that a stranger's message costs at most its cap.
"""

from __future__ import annotations

import asyncio
import json
import struct
from dataclasses import dataclass
from typing import Any

from plugins.process.codec import CodecError

MAX_HEADER_BYTES = 256 * 1024
MAX_BODY_BYTES = 8 * 1024 * 1024
"""A snapshot, or a page with room to spare (`registered.MAX_PAGE_BYTES`)."""
_LENGTHS = struct.Struct(">II")


@dataclass(frozen=True, slots=True)
class Frame:
    """One message."""

    header: dict[str, Any]
    body: bytes = b""

    @property
    def kind(self) -> str:
        """What it is."""
        return str(self.header.get("m", ""))


def pack(kind: str, body: bytes = b"", **header: Any) -> bytes:
    """A message as bytes.

    Raises:
        CodecError: it is too large.
    """
    # Not `ensure_ascii=False`: text from outside may hold lone surrogates, which UTF-8 cannot carry.
    head = json.dumps({"m": kind, **header}, separators=(",", ":")).encode()
    if len(head) > MAX_HEADER_BYTES or len(body) > MAX_BODY_BYTES:
        raise CodecError(f"a message of {len(head) + len(body)} bytes is too large for a plugin")
    return _LENGTHS.pack(len(head), len(body)) + head + body


async def read(reader: asyncio.StreamReader) -> Frame | None:
    """The next message; None at the end of the stream.

    Raises:
        CodecError: it is too large or malformed.
    """
    try:
        head_bytes, body_bytes = _LENGTHS.unpack(await reader.readexactly(_LENGTHS.size))
        if head_bytes > MAX_HEADER_BYTES or body_bytes > MAX_BODY_BYTES:
            raise CodecError(f"a message of {head_bytes + body_bytes} bytes is too large")
        head = await reader.readexactly(head_bytes)
        body = await reader.readexactly(body_bytes) if body_bytes else b""
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    try:
        header = json.loads(head)
    except (ValueError, RecursionError) as error:
        raise CodecError("a message is not JSON") from error
    if not isinstance(header, dict):
        raise CodecError("a message is no JSON object")
    return Frame(header, body)
