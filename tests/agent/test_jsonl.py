"""The wire form: every event has one, and nothing from outside is trusted."""

import json
import typing
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from agent.jsonl import MAX_LINE_BYTES, command_from, dumps, loads, percept_from, to_dict
from agent.marks import sentences_of
from dialog.events import (
    Alert,
    Ask,
    Caption,
    Event,
    Interrupt,
    Mute,
    Perceived,
    PluginReply,
    Reply,
    ReplyDelta,
    Speaking,
    TurnChanged,
)
from dialog.mind import Cited
from streams.errors import MediaError
from streams.types import KINDS, NS, Health, Kind, Partial, Percept, Transcript

PERCEPT = Percept("door/v1", "object", "door", NS, 2 * NS, "a person appears", 0.875, (0.1, 0.2, 0.3, 0.4))
CITED = Cited("There.", (("door/v1", 5.5), ("mic/a1", 2.0)))
EVENTS: list[Event] = [
    Perceived(NS, PERCEPT),
    Perceived(NS, Partial("mic", 0, NS, "where are")),
    Perceived(NS, Transcript("mic", 0, NS, "Where are the keys?", "Anna", "en")),
    ReplyDelta(NS, 3, " under"),
    Reply(NS, 3, 0, "Where?", "There.", ("door/v1",), 0.12345, 0.2, 7, "There.", "call:1", "c", (CITED,)),
    Caption(NS, 0, NS, "en", "Hello"),
    PluginReply(NS, "alerts", "list", "no rules", True, "web-1"),
    Caption(NS, 0, NS, "es", "Hola", True),
    Alert(NS, "a1", "gate", "alarm", "new", "the gate is open", ("door/v1",)),
    TurnChanged(NS, "call:1", "speaking", 3, "", 0.71234),
    Speaking(NS, "call:1", 3, "There.", 0.51234),
    Health("camera:door", "failed", "no frame for 5 s", NS),
]


def test_every_event_type_has_an_example() -> None:
    assert {type(e) for e in EVENTS} == set(typing.get_args(Event))
    assert len(typing.get_args(Event)) <= 20


@pytest.mark.parametrize("event", EVENTS, ids=lambda e: to_dict(e)["type"])
def test_an_event_is_one_line_with_t_and_type(event: Event) -> None:
    line = dumps(event)
    assert "\n" not in line
    value = json.loads(line)
    assert list(value)[:2] == ["t", "type"]
    assert value["t"] == 1.0


def test_zones_are_told_where_there_are_any_and_read_back() -> None:
    told = to_dict(Perceived(NS, replace(PERCEPT, zones=("drive", "gate"))))
    assert told["zones"] == ["drive", "gate"] and "zones" not in to_dict(Perceived(NS, PERCEPT))
    assert percept_from(told, 1).zones == ("drive", "gate")
    for wrong in ("drive", {"a": 1}, 7, None):
        assert percept_from({**told, "zones": wrong}, 1).zones == ()
    assert len(percept_from({**told, "zones": ["x" * 1000] * 1000}, 1).zones) <= 32


def test_the_fields_are_those_of_the_design() -> None:
    fields = {v["type"]: set(v) - {"t", "type"} for v in map(to_dict, EVENTS)}
    assert fields["percept"] == {"id", "kind", "source", "t0", "t1", "text", "confidence", "box"}
    assert fields["transcript"] == fields["partial"] == {"t0", "t1", "source", "speaker", "text"}
    assert {"asked", "question", "text", "evidence", "ttft_s", "first_audio_s", "tokens", "spoken"} <= fields["reply"]
    assert "sentences" in fields["reply"]
    assert fields["caption"] == {"t0", "t1", "lang", "text", "source", "speaker"}
    assert fields["translation"] == {"t0", "t1", "lang", "text", "source", "speaker", "original"}
    assert fields["alert"] == {"id", "rule", "severity", "phase", "text", "evidence"}
    assert fields["turn"] == {"source", "state", "generation", "reason", "latency_s"}
    assert fields["speaking"] == {"source", "generation", "text", "duration_s"}
    assert fields["health"] == {"component", "state", "reason"}


def test_the_sentences_of_a_reply_name_their_percepts() -> None:
    (reply,) = [to_dict(e) for e in EVENTS if isinstance(e, Reply)]
    assert reply["sentences"] == [{"text": "There.", "evidence": ["door/v1", "mic/a1"]}]
    assert sentences_of(json.loads(dumps(EVENTS[4]))) == [("There.", ("door/v1", "mic/a1"))]


def test_a_percept_comes_back_as_it_was() -> None:
    assert percept_from(to_dict(EVENTS[0]), 1) == PERCEPT


def test_wall_clock_times_of_a_percept() -> None:
    zero = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)
    line = {"text": "x", "t0": "2026-11-22T14:03:00+00:00", "t1": "2026-11-22T14:04:00+00:00"}
    percept = percept_from(line, 1, zero)
    assert (percept.t0_ns, percept.t1_ns) == (180 * NS, 240 * NS)
    local = percept_from({"text": "x", "t0": (zero + timedelta(minutes=3)).replace(tzinfo=None).isoformat()}, 1, zero)
    assert local.t0_ns == 180 * NS


def test_the_kinds_are_a_closed_set() -> None:
    assert set(KINDS) == set(typing.get_args(Kind))


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"text": "x"}, "'t0' is missing"),
        ({"text": " ", "t0": 1}, "'text' is missing or empty"),
        ({"text": 5, "t0": 1}, "'text' is missing or empty"),
        ({"text": "x", "t0": True}, "'t0' is missing or not a time"),
        ({"text": "x", "t0": 1e300}, "'t0' is missing or not a time"),
        ({"text": "x", "t0": "noon"}, "not seconds or an ISO 8601 time"),
        ({"text": "x", "t0": "2026-11-22T14:00"}, "the file's start is unknown"),
        ({"text": "x", "t0": 1, "kind": "smell"}, "unknown kind 'smell'"),
        ({"text": "x", "t0": 1, "box": [1, 2]}, "'box' must be four numbers"),
        ({"text": "x", "t0": 1, "confidence": "high"}, "'confidence' must be a number"),
        ({"text": "x" * 5000, "t0": 1}, "more than 4000"),
    ],
)
def test_a_wrong_percept_is_named_with_its_line(value: dict[str, object], message: str) -> None:
    with pytest.raises(MediaError, match=message) as caught:
        percept_from(value, 17)
    assert "line 17" in str(caught.value)


def test_commands() -> None:
    assert command_from('{"type": "text", "text": " hello "}', "call:1") == Ask("hello", "call:1")
    assert command_from('{"type": "ask", "text": "who", "correlation": "7"}', "ws") == Ask("who", "ws", "7")
    assert command_from('{"type": "interrupt"}', "ws") == Interrupt("ws")
    assert command_from('{"type": "mute", "on": false}', "ws") == Mute(False, "ws")


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ("", "not JSON"),
        ("[" * 20_000, "not JSON"),
        ("[1]", "an object is expected|JSON object"),
        ('{"type": "shutdown"}', "unknown command type 'shutdown'"),
        ('{"type": "text"}', "'text' is missing"),
        ('{"type": "text", "text": 7}', "'text' is missing"),
        ('{"type": "text", "text": "' + "x" * 5000 + '"}', "more than 4000"),
        ("x" * (MAX_LINE_BYTES + 1), "longer than"),
    ],
)
def test_a_wrong_command_is_one_clear_line(raw: str, message: str) -> None:
    with pytest.raises(MediaError, match=message) as caught:
        command_from(raw, "ws")
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    "raw",
    [
        r'{"type": "ask", "text": "hi \ud800"}',
        r'{"type": "plugin", "plugin": "\udfff", "command": "list"}',
        r'{"type": "plugin", "plugin": "alerts", "command": "add", "area": [["\ud83d"]]}',
        r'{"type": "interrupt", "\ud800": 1}',
        b'{"type": "ask", "text": "hi \xed\xa0\x80"}',
    ],
)
def test_half_a_character_is_refused(raw: str | bytes) -> None:
    """It cannot be encoded again, and tokenizers refuse it."""
    with pytest.raises(MediaError, match=r"half a character \(a lone surrogate\); send whole UTF-8"):
        command_from(raw, "ws")


def test_both_halves_of_a_character_are_one() -> None:
    assert command_from(r'{"type": "ask", "text": "hi \ud83d\ude00"}', "ws") == Ask("hi \U0001f600", "ws")


def test_whatever_an_event_holds_its_line_can_be_sent() -> None:
    line = dumps(Health("camera:caf\udce9", "failed", "no file caf\udce9.mp4", NS))
    assert json.loads(line.encode())["component"] == "camera:caf\udce9"
    assert "é" in dumps(Health("camera:café", "ok", "", NS))


def test_loads_takes_bytes() -> None:
    assert loads(b'{"a": 1}') == {"a": 1}
    with pytest.raises(MediaError, match="not JSON"):
        loads(b"\xff\xfe")
