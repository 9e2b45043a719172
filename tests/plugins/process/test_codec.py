"""Values over the wire: what goes in comes out, and nothing else does."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialog.events import Alert, Ask, Caption, Interrupt, Mute, Perceived, Remarks, Tell
from plugins.process.codec import CodecError, decode_command, decode_event, encode
from plugins.process.frames import MAX_BODY_BYTES, MAX_HEADER_BYTES, Frame, pack, read
from streams.types import Health, Percept, Transcript
from tests.agent.test_jsonl import EVENTS

COMMANDS = [
    Ask("who?", "terminal", "7"),
    Interrupt("call"),
    Mute(True),
    Remarks(False, "x"),
    Tell("alerts", "add", (("name", "gate"),)),
]


def through(value: Any) -> Any:
    return json.loads(json.dumps(encode(value)))


async def frame_of(data: bytes) -> Frame | None:
    reader = asyncio.StreamReader()
    reader.feed_data(data)
    reader.feed_eof()
    return await read(reader)


@pytest.mark.parametrize("event", EVENTS, ids=lambda e: type(e).__name__)
def test_every_event_comes_back_as_it_was(event: Any) -> None:
    assert decode_event(through(event)) == event


@pytest.mark.parametrize("command", COMMANDS, ids=lambda c: type(c).__name__)
def test_every_command_comes_back_as_it_was(command: Any) -> None:
    assert decode_command(through(command)) == command


def test_feature_vectors_stay_here() -> None:
    percept = Percept("a/1", "object", "a", 0, 0, "a dog", features=np.zeros((4, 1280), np.float32))
    assert decode_event(through(Perceived(1, percept))) == Perceived(1, replace(percept, features=None))


def test_numbers_of_numpy_are_numbers() -> None:
    percept = Percept("a/1", "object", "a", 0, 0, "a dog", float(np.float32(0.5)), (np.float64(0.1), 0.2, 0.3, 0.4))
    assert decode_event(through(Perceived(1, percept))).what.box == (0.1, 0.2, 0.3, 0.4)
    assert encode(np.float32(0.5)) == 0.5


@given(st.text(max_size=300), st.text(max_size=40))
def test_any_text_at_all_survives(text: str, source: str) -> None:
    """Lone surrogates, control characters and quotation marks too: a sign may say anything."""
    for event in (Perceived(3, Transcript(source, 1, 2, text)), Health(source, "ok", text, 3)):
        data = pack("event", v=encode(event))
        frame = asyncio.run(frame_of(data))
        assert frame is not None and decode_event(frame.header["v"]) == event


CAPTION = encode(Caption(1, 0, 1, "en", "hi"))
ALERT = encode(Alert(1, "a", "r", "info", "new", "t", ("x",)))


@pytest.mark.parametrize(
    ("value", "line"),
    [
        (None, "'event' must be an object"),
        ({"$": "Config"}, "'event' must be Perceived or"),
        ({"$": "Ask", "text": "open the door"}, "'event' must be Perceived or"),
        (CAPTION | {"text": 3}, "'event.text' must be str"),
        (CAPTION | {"t_ns": "now"}, "'event.t_ns' must be int"),
        (CAPTION | {"t_ns": True}, "'event.t_ns' must be int"),
        (CAPTION | {"t_ns": 1 << 80}, "'event.t_ns' must be int"),
        (CAPTION | {"text": "x" * 20_000}, "'event.text' is longer than"),
        (CAPTION | {"__class__": "x"}, "'event.__class__' is no field of Caption"),
        ({"$": "Caption"}, "a field of Caption is missing"),
        (ALERT | {"severity": "death"}, "'event.severity' must be one of"),
        (ALERT | {"evidence": ["x"] * 5000}, "'event.evidence' must be a list of at most"),
        (ALERT | {"evidence": [["x"]]}, "'event.evidence' must be str"),
    ],
)
def test_what_is_not_what_it_should_be_is_refused(value: object, line: str) -> None:
    with pytest.raises(CodecError) as caught:
        decode_event(value)
    assert line in str(caught.value)


def test_a_percept_with_vectors_is_refused() -> None:
    percept = encode(Perceived(1, Percept("a/1", "object", "a", 0, 0, "a dog")))
    percept["what"]["features"] = [[1.0]]
    with pytest.raises(CodecError, match="no field"):
        decode_event(percept)


async def test_frames_are_capped_before_they_are_read() -> None:
    with pytest.raises(CodecError, match="too large"):
        pack("emit", text="x" * MAX_HEADER_BYTES)
    with pytest.raises(CodecError, match="too large"):
        pack("reply", b"x" * (MAX_BODY_BYTES + 1))
    with pytest.raises(CodecError, match="too large"):
        await frame_of(b"\xff" * 8)
    with pytest.raises(CodecError, match="not JSON"):
        await frame_of(b"\0\0\0\2\0\0\0\0{]")
    with pytest.raises(CodecError, match="not JSON"):
        await frame_of(b"\0\1\0\0\0\0\0\0" + b"[" * 65536)
    with pytest.raises(CodecError, match="no JSON object"):
        await frame_of(b"\0\0\0\2\0\0\0\0[]")
    assert await frame_of(b"\0\0\0\2") is None
    frame = await frame_of(pack("reply", b"\0\xff", id=3))
    assert frame == Frame({"m": "reply", "id": 3}, b"\0\xff")
