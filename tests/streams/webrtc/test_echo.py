"""Echo cancellation in a call: for whoever says that nobody else does it."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest

from streams.clock import MonotonicClock
from streams.echo.aec3 import Aec3
from streams.echo.canceller import cleaned
from streams.echo.gate import OwnVoiceGate
from streams.sink import Speech
from streams.types import SAMPLE_RATE_HZ
from streams.webrtc.peer import Peer, PeerOptions
from tests.streams.echo.room import agent_speech, db, echo_of
from tests.webrtc_link import Remote

pytest.importorskip("livekit.rtc", reason="no livekit package on this machine")


@pytest.mark.parametrize(
    ("wish", "echoes", "cancels"),
    [("auto", False, False), ("auto", True, True), ("on", False, True), ("off", True, False)],
)
async def test_who_is_cleaned(wish: str, echoes: bool, cancels: bool) -> None:
    options = PeerOptions(echo_cancellation=wish)  # type: ignore[arg-type]
    async with Peer("ann", "call", MonotonicClock(), options, echoes=echoes) as peer:
        assert isinstance(peer.echo, Aec3 if cancels else OwnVoiceGate)


async def test_what_a_caller_is_made_to_hear_is_taken_out_of_what_it_sends() -> None:
    speech = agent_speech(7.0)
    back = echo_of(np.concatenate([np.zeros(SAMPLE_RATE_HZ // 4, np.float32), speech]), 0.1, -6)
    async with asyncio.timeout(120), Peer("ann", "call", MonotonicClock(), echoes=True) as peer, Remote(peer) as remote:
        remote.send_audio(back)
        peer.speech.play(Speech(1, "", speech, SAMPLE_RATE_HZ))
        await remote.connect()
        clean, n = [], 0
        async for chunk in cleaned(aiter(peer.audio), peer.echo):
            clean.append(chunk)
            n += len(chunk.samples)
            if n >= 7 * SAMPLE_RATE_HZ:
                break
        first_ns, last_ns = clean[0].t0_ns, clean[-1].t_ns
        heard = peer.echo.estimate(first_ns + (last_ns - first_ns) // 2, last_ns)
    later = np.concatenate([c.samples for c in clean])[n // 2 :]
    assert heard.level_db > -60  # the echo came
    assert db(later) < heard.level_db - 10 and heard.echo_share > 0.9
