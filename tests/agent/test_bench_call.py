"""`heed bench call`: its microphone and ear over a real call, its judgements on made times, its table."""

from __future__ import annotations

import argparse
import asyncio
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from agent.bench import call, call_barge, call_cutoffs, call_echo, call_load, call_loss, call_room
from agent.bench.call_agent import agent_process
from agent.bench.call_cutoffs import Stretch
from agent.bench.call_latency import Turn, ask, percentile
from agent.bench.call_line import FRAME, Line, Microphone, first_audible, first_silence
from agent.bench.call_rows import Table
from agent.bench.call_sound import cough, hum, levels, recorded, sound_of, spoken
from agent.bench.perception_audio import Errors
from agent.bus import Bus
from agent.config import Config
from agent.models.store import ModelStore
from agent.web.access import WebOptions
from agent.web.server import WebServer
from streams.clock import MonotonicClock
from streams.sink import Speech
from streams.types import SAMPLE_RATE_HZ
from streams.webrtc.peer import Peer
from tests.webrtc_link import tone


def test_what_is_said_is_levelled_and_its_voice_is_found() -> None:
    quiet = np.zeros(SAMPLE_RATE_HZ, np.float32)
    sound = sound_of("x", np.concatenate([quiet, tone(1.0, level=0.01), quiet]))
    assert (sound.first, sound.last) == (SAMPLE_RATE_HZ, 2 * SAMPLE_RATE_HZ - 1)
    assert levels(sound.samples)[150] == pytest.approx(0.06, rel=0.05)
    for made in (spoken("Right."), spoken("Right.", "en-us+m3"), hum(), cough()):
        assert 0.2 < made.duration_s < 2 and np.abs(made.samples).max() <= 1
        assert 0 <= made.first < made.last < len(made.samples)


async def test_the_microphone_mixes_what_is_said_with_what_comes_back() -> None:
    microphone, sound = Microphone(), sound_of("x", tone(0.1))
    chunks = microphone.chunks()
    first = (await anext(chunks)).samples
    assert np.sqrt((first**2).mean()) < 1e-3
    said = microphone.say(sound)
    microphone.hear_back(-20, 0.02)
    microphone.echo(np.full(2 * FRAME, 0.5, np.float32))
    microphone.echo(np.full(FRAME, 0.5, np.float32))
    taken = [await anext(chunks) for _ in range(6)]
    assert said.end_s - said.begin_s == pytest.approx(0.1, abs=0.002) and said.start_s <= said.begin_s
    rest = np.concatenate([c.samples for c in taken])[: len(sound.samples)] - sound.samples
    blocks = rest.reshape(-1, FRAME).mean(axis=1)
    assert blocks == pytest.approx([0, 0.05, 0.05, 0.05, 0], abs=1e-3)
    assert [c.t0_ns for c in taken] == sorted(c.t0_ns for c in taken)


def test_sound_and_silence_are_found_in_what_was_heard() -> None:
    loud, still = -30.0, -70.0
    blocks = [(i / 100, loud if 50 <= i < 100 or 120 <= i < 150 or i == 20 else still) for i in range(300)]
    assert first_audible(blocks, 0.0) == 0.5  # the click before is none
    assert first_audible(blocks, 1.6) is None
    assert first_silence(blocks, 0.6, 0.1) == 1.0 and first_silence(blocks, 0.6, 0.4) == 1.5
    assert first_silence(blocks, 0.6, 5.0) is None and first_audible([], 0.0) is None


def test_percentiles() -> None:
    assert [percentile(range(1, 21), share) for share in (0.5, 0.95, 1.0)] == [10, 19, 20]
    assert percentile([], 0.5) is None and percentile([3.0], 0.95) == 3.0


def test_turns_are_told_from_pauses_and_cut_offs_from_answers() -> None:
    events = [(0, 2, "ann talks"), (2.5, 4, "ann talks"), (4.2, 5, "bob talks"), (12, 13, "ann talks")]
    item = {"events": [{"t0": a, "t1": b, "description": d} for a, b, d in events]}
    turns = call_cutoffs.turns_of(item, cough())
    assert turns == [Stretch("ann", 0, 4), Stretch("bob", 4.2, 5), Stretch("ann", 12, 13)]
    talk = call_cutoffs.judge("x", turns, [2.2, 4.1, 5.4, 17.0], [5.6], {5: 6.0, 13: 18.0})
    assert (talk.turns, talk.cut_off, talk.heard, talk.ends, talk.missed) == (3, 1, 0, 2, 1)
    assert talk.voice_to_voice_s == (1.0,)
    utterances = {"events": [{"t0": t, "t1": t + 1, "description": "utterance: x"} for t in (0, 1.5, 3)]}
    assert len(call_cutoffs.turns_of(utterances, cough())) == 3
    alone = sound_of("x", np.concatenate([np.zeros(SAMPLE_RATE_HZ, np.float32), tone(1.0)]))
    (whole,) = call_cutoffs.turns_of({}, alone)
    assert (whole.t0_s, whole.t1_s) == (1.0, pytest.approx(2.0, abs=0.001))


def test_what_nobody_labelled_is_parted_at_long_silences() -> None:
    """A speaker who is silent for a second has finished a turn: an answer then cuts nobody off."""
    voice, gap = np.sin(np.arange(16_000) * 0.1).astype(np.float32), np.zeros(16_000, np.float32)
    sound = sound_of("", np.concatenate([gap[:8000], voice, gap[:12_000], voice, gap, gap[:1600], voice, gap]))
    turns = call_cutoffs.turns_of({}, sound)
    assert [(t.t0_s, t.t1_s) for t in turns] == [(0.5, 3.25), (4.35, 5.35)]


@pytest.mark.media
def test_the_recordings_have_turns(media: Path, manifest: dict[str, dict[str, Any]]) -> None:
    found = call_cutoffs.conversations(list(manifest.values()), False)
    assert len(found) >= 10 and len(call_cutoffs.conversations(list(manifest.values()), True)) == 2
    dialog = manifest["audio/en_dialog_two_speakers.flac"]
    turns = call_cutoffs.turns_of(dialog, recorded(media / dialog["file"]))
    assert 2 <= len(turns) <= len(dialog["events"]) and {t.who for t in turns} == {"speaker90", "speaker91"}


def test_what_must_stop_the_agent_and_what_must_not(tmp_path: Path) -> None:
    tried = call_barge.disturbances(tmp_path, 6)
    kinds = [kind for kind, _ in tried]
    assert kinds.count("interruption") == 6 and {"backchannel", "noise"} <= set(kinds)
    assert call_barge.whole({"text": "one two three", "spoken": "one two"})
    assert not call_barge.whole({"text": "one two three", "spoken": "one"}) and not call_barge.whole({})
    stopped = call_barge.Disturbed("interruption", "x", 0.1, went_on=False, valid=True)
    assert stopped.right and not call_barge.Disturbed("noise", "x", 0.1, went_on=False, valid=True).right


def test_the_question_in_the_echo() -> None:
    assert call_echo.understood("How many people in the room")
    assert not call_echo.understood("The light went off.") and not call_echo.understood("")


def test_reports_are_no_media() -> None:
    assert call_loss.is_rtp(bytes([128, 96])) and call_loss.is_rtp(bytes([128, 96 | 128]))
    assert not call_loss.is_rtp(bytes([128, 200])) and not call_loss.is_rtp(b"")


def test_options() -> None:
    parser = argparse.ArgumentParser()
    call.add_arguments(parser)
    args = parser.parse_args(["--parts", "echo,latency,echo", "--quick"])
    assert args.parts == ("echo", "latency") and args.quick and args.turns == 20
    with pytest.raises(SystemExit):
        parser.parse_args(["--parts", "sleep"])
    full, quick = call.plan(False, 20, 6), call.plan(True, 20, 6)
    assert len(full.echoes) == 12 and quick.turns < full.turns and len(quick.echoes) == 1
    assert len(full.losses) * full.facts <= len(call_loss.FACTS) and len(quick.losses) * quick.facts <= 12


def test_the_table_has_every_part_and_its_line_is_json() -> None:
    table = Table()
    table.latency([Turn("q", "q", "a", 0.7, False, {"to the agent": 0.1}), Turn("q", "", "", None, True)])
    table.barge([call_barge.Disturbed("interruption", "Stop.", 0.15, False, True)])
    table.echo([call_echo.Fed(-10, 0.15, True, 1, 0, 0, True)])
    table.double_talk([call_room.DoubleTalk(-10, 30.0, Errors(9, 10), Errors(2, 10), Errors(0, 10))])
    table.loss([call_loss.Lost(0.05, 100, 5, 2, 2, 1, Errors(1, 10), (0.9,))])
    table.calls([call_load.Load(1, 0.7, 0.8, 0, 4, 0.05, 0.5), call_load.Load(2, 1.0, 1.7, 0, 8, 0.05, 0.5)], 6)
    table.cutoffs([call_cutoffs.Talk("x", 3, 1, 0, 2, 1, (1.0,))])
    result = table.result()
    figures = json.loads(json.dumps(result.figures))
    assert set(figures) == {*call.PARTS, "double_talk"}
    assert figures["latency"]["voice_to_voice_p50_s"] == 0.7 and figures["latency"]["cut_off"] == 1
    assert figures["calls"]["doubled_at"] == 2 and figures["cutoffs"]["cut_off_share"] == pytest.approx(
        0.333, abs=0.001
    )
    assert all(len(row) == len(result.columns) for row in result.rows) and len(result.notes) == 5
    Table().calls([call_load.Load(1, None, None, 2, 2, 0.0, 0.0)], 6)


async def answering(peer: Peer) -> None:
    """Says something whenever a line comes, and sends the line back."""
    async for number, line in aenumerate(peer):
        peer.speech.play(Speech(number, "", tone(1.0), SAMPLE_RATE_HZ))
        peer.send(line)


async def aenumerate(peer: Peer) -> Any:
    number = 0
    async for line in peer.messages:
        number += 1
        yield number, line


async def test_a_line_hears_what_is_said_and_loses_what_it_shall() -> None:
    clock, bus = MonotonicClock(), Bus()
    async with (
        asyncio.timeout(120),
        WebServer(WebOptions(port=0), bus, answering, clock) as server,
        Line(f"{server.url}?echo_cancellation=off", "ann") as line,
    ):
        start_s, mark = line.now_s(), line.mark()
        assert await line.audible(start_s, 0.2) is None
        await line.send(type="text", text="hello", t=1.0)
        audible_s = await line.audible(start_s, 30)
        silent_s = await line.silent(audible_s or 0.0, 0.3, 30)
        assert audible_s is not None and silent_s is not None and silent_s > audible_s > start_s
        arrival, event = await line.event(lambda e: e.get("text") == "hello", 30, mark) or (0.0, {})
        assert event["type"] == "text" and arrival > start_s
        assert line.agent_offset_s() == pytest.approx(arrival - 1.0)
        assert await line.event(lambda e: False, 0.1) is None
        link = call_loss.LossyTransport(line.caller.connection, 0.5)
        await line.send(type="text", text="again")
        await line.audible(silent_s + 0.3, 30)
        await line.pause(1.0)
        assert 0.2 < link.lost / link.sent < 0.8


@pytest.mark.models
@pytest.mark.timeout(600)
async def test_a_question_to_an_agent_in_another_process(store: ModelStore) -> None:
    async with agent_process(Config()) as agent:
        before = await agent.usage()
        async with Line(agent.url, "ann") as line:
            turn = await ask(line, spoken("How many people are there?"), patience_s=120.0)
        used = (await agent.usage()).processor_s - before.processor_s
    assert turn.answer and "people" in turn.heard and used > 0 and before.memory_mb > 100
    assert turn.cut_off or (turn.voice_to_voice_s or 0) > 0
