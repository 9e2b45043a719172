"""Asks a go2rtc or a Frigate for its cameras. Talks to the host that was typed and to no other, whatever it says."""

from __future__ import annotations

import json
from typing import Any

import aiohttp

from agent.cameras.found import Answer, Host, from_frigate, from_go2rtc, is_go2rtc
from streams.errors import SourceError
from streams.sources.urls import StreamUrl, parse_url

PORTS = {"http": 80, "https": 443}
MAX_ANSWER_BYTES = 8 * 1024 * 1024
TIMEOUT_S = 10.0


async def discover(url: str, rtsp_port: int = 8554, timeout_s: float = TIMEOUT_S) -> Answer:
    """What there is at an address such as `http://host:1984` (go2rtc) or `http://host:5000` (Frigate).

    Args:
        url: a name and password in it are used to log in (HTTP Basic).
        rtsp_port: where that host hands out its streams.
        timeout_s: for each of two questions.

    Raises:
        SourceError: the address is malformed, nobody answers, or neither a go2rtc nor a Frigate does: one line.
    """
    address = parse_url(url, PORTS)
    host = Host(address.host, rtsp_port)
    auth = aiohttp.BasicAuth(address.user, address.password or "") if address.user is not None else None
    options = aiohttp.ClientTimeout(total=timeout_s)
    # Not unpacked: a small answer cannot become a large one.
    async with aiohttp.ClientSession(auth=auth, timeout=options, auto_decompress=False) as session:
        # First go2rtc's question: at a go2rtc, Frigate's would be answered with a file that has passwords in it.
        told = await _get(session, address, "/api/streams")
        if told is not None and is_go2rtc(told):
            return from_go2rtc(told, host)
        told = await _get(session, address, "/api/config")
        if told is not None and isinstance(told.get("cameras"), dict):
            return from_frigate(told, host)
    raise SourceError(f"neither a go2rtc nor a Frigate answers at {address.shown}")


async def _get(session: aiohttp.ClientSession, address: StreamUrl, path: str) -> dict[str, Any] | None:
    """The JSON object that is answered; None where there is none."""
    name = f"[{address.host}]" if ":" in address.host else address.host
    where = f"{address.scheme}://{name}:{address.port}{address.path.rstrip('/')}{path}"
    try:
        async with session.get(
            where, allow_redirects=False, headers={"Accept": "application/json", "Accept-Encoding": "identity"}
        ) as answer:
            if answer.status in (401, 403):
                raise SourceError(f"{address.shown} wants a log-in: http://name:password@host, or a port without one")
            if 300 <= answer.status < 400:
                raise SourceError(f"{address.shown} sends to another address; heed does not follow: type it yourself")
            if answer.status != 200 or answer.headers.get("Content-Encoding", "identity") != "identity":
                return None
            body = bytearray()
            async for chunk in answer.content.iter_any():
                body += chunk
                if len(body) > MAX_ANSWER_BYTES:
                    raise SourceError(f"{address.shown} answers with more than {MAX_ANSWER_BYTES} bytes")
    except TimeoutError:
        raise SourceError(f"{address.shown} does not answer in time") from None
    except (aiohttp.ClientError, OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise SourceError(f"{address.shown} cannot be asked ({reason})") from None
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None
