"""What the caller of the demonstration keeps: the lines and the sound that came, as files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import av
import numpy as np

from agent.demo.judge import Got, Sound, trimmed
from agent.record import EventFiles
from agent.report.page import write_report
from streams.clock import Clock
from streams.sinks.thumbnail import jpeg
from streams.sinks.wav import wav_bytes
from streams.types import SAMPLE_RATE_HZ

_PICTURE_PX = 240
_MAX_PICTURES = 200
_INTERIM = ("reply_delta", "partial")


class Keeper:
    """Takes every event as it is received, and marks where in the received sound each reply begins.

    A context manager; `events.jsonl` and `captions.vtt` are complete at any moment.
    """

    def __init__(self, out: Path, heard: Callable[[], Sound]) -> None:
        """`heard` gives all sound received so far, `[n]` at 16 kHz.

        Raises:
            SourceError: the folder cannot be written.
        """
        self.out = out
        self.events: list[Mapping[str, Any]] = []
        """All but interim ones."""
        self.begun = 0
        """How many replies have begun."""
        self._heard = heard
        self._replies: list[tuple[Mapping[str, Any], int]] = []
        self._generation: object = None
        self._began = 0
        self._files = EventFiles(out)

    def __enter__(self) -> Self:
        self._files.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._files.__exit__(kind, error, trace)

    def take(self, event: Mapping[str, Any]) -> None:
        """Keep an event."""
        kind = event.get("type")
        if kind in ("reply_delta", "reply") and event.get("generation") != self._generation:
            self._generation = event.get("generation")
            self.begun += 1
            if kind == "reply_delta":
                self._began = len(self._heard())
        if kind in _INTERIM:
            return
        if kind == "reply":
            self._replies.append((event, self._began))
            self._began = len(self._heard())
        self.events.append(event)
        self._files.write(event)

    def spoken(self) -> dict[str, Path]:
        """The files of spoken replies, by number."""
        return self._files.spoken()

    @property
    def answered(self) -> int:
        """How many replies came."""
        return len(self._replies)

    def replies(self) -> list[Got]:
        """The replies with their sound: from each one's first word to the next one's."""
        sound = self._heard()
        ends = [began for _, began in self._replies[1:]] + [len(sound)]
        return [
            Got(n, event, trimmed(sound[began:end]))
            for n, ((event, began), end) in enumerate(zip(self._replies, ends, strict=True), 1)
        ]


def write_wavs(out: Path, replies: list[Got]) -> dict[str, Path]:
    """`reply-1.wav` and so on, 16 kHz mono, of the replies that could be heard, by their number."""
    written: dict[str, Path] = {}
    for got in replies:
        if len(got.sound):
            path = out / f"reply-{got.number}.wav"
            path.write_bytes(wav_bytes(got.sound, SAMPLE_RATE_HZ))
            written[str(got.number)] = path
    return written


def write_page(keeper: Keeper, scene: Path, source: str, clip_s: Callable[[float], float], clock: Clock) -> Path:
    """`report.html`, with pictures of the moments out of the scene. Blocks for some seconds.

    Args:
        keeper: what came.
        scene: the clip that was sent.
        source: the name it was published under.
        clip_s: which second of it was played at a stream time of the agent, in seconds.
        clock: the agent's, for times of day.
    """
    moments = {
        str(e["id"]): clip_s(float(e["t0"]))
        for e in keeper.events
        if e.get("type") == "percept" and e.get("source") == source and e.get("kind") not in ("speech", "sound")
    }
    page = keeper.out / "report.html"
    write_report(keeper.events, page, "heed demo", pictures_at(scene, moments), keeper.spoken(), clock.wall_start)
    return page


def pictures_at(scene: Path, moments: Mapping[str, float]) -> dict[str, bytes]:
    """Small JPEGs of the clip at the given seconds, by name; of its last picture where they lie beyond its end."""
    wanted = sorted(moments.items(), key=lambda item: item[1])[:_MAX_PICTURES]
    found: dict[str, bytes] = {}
    last: av.VideoFrame | None = None
    with av.open(str(scene)) as file:
        for last in file.decode(video=0):
            while wanted and last.time is not None and wanted[0][1] <= last.time:
                found[wanted.pop(0)[0]] = _small(last)
            if not wanted:
                break
    if last is not None and wanted:
        found.update(dict.fromkeys((name for name, _ in wanted), _small(last)))
    return found


def _small(frame: av.VideoFrame) -> bytes:
    return jpeg(np.asarray(frame.to_ndarray(format="rgb24"), np.uint8), _PICTURE_PX)
