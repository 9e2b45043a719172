"""A loudspeaker, a room and a microphone for tests of echo cancellation: those of `heed bench call`."""

from __future__ import annotations

from agent.bench.call_room import agent_speech, echo_of, levelled, samples_of, through
from agent.bench.call_room import power_db as db

__all__ = ["agent_speech", "db", "echo_of", "levelled", "samples_of", "through"]
