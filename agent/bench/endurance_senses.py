"""Many thousand pictures, and the sound of the same time, through the real encoders: whether seeing and hearing grow.

Run by `endurance` in a process of its own (`python -m agent.bench.endurance_senses MEDIA FRAMES`), which prints a line
of JSON for each sample. Recordings are shown over and over as two fixed cameras, and heard as two microphones.
"""

from __future__ import annotations

import ctypes
import gc
import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from agent.bench.endurance_week import MIB, resident_bytes
from streams.area import Area
from streams.encoders.vision.camera import FixedCamera
from streams.sources.decode import read_audio, read_video
from streams.types import NS, AudioChunk, Media, VideoFrame

FILMS = ("room_one_by_one_a.mp4", "carpark_cars_topdown.mp4")
SOUNDS = ("en_meeting_two_speakers.flac", "en_noisy_5db_dev.flac")
FPS = 5.0
SAMPLES = 20
SETTLED = 0.25
"""Share of the run after which memory is looked at: until then caches fill."""


def over_and_over(kind: str, path: Path, name: str) -> Iterator[Media]:
    """A recording again and again, in one course of time."""
    offset_ns = last_ns = 0
    while True:
        read = (
            read_video(path, name, FPS, lambda line: None)
            if kind == "video"
            else read_audio(path, name, lambda line: None)
        )
        for item in read:
            last_ns = offset_ns + item.t_ns
            if isinstance(item, AudioChunk):
                yield replace(item, t0_ns=offset_ns + item.t0_ns)
            else:
                yield replace(item, t_ns=last_ns)
        offset_ns = last_ns + NS // 5


def look_and_listen(media: Path, frames: int) -> None:
    """All pictures, and the sound of their time, one after another."""
    from agent.config import Config
    from agent.parts import limit_small, limit_threads, load_hearing, load_vision

    limit_threads(Config())
    limit_small(Config())
    vision, hearing = load_vision(Config(), lambda line: None), load_hearing(Config(), lambda line: None)
    cameras = []
    for n, (film, sound) in enumerate(zip(FILMS, SOUNDS, strict=True)):
        camera = FixedCamera(vision, Area())
        seen = over_and_over("video", media / "video" / film, f"cam{n}")
        heard = over_and_over("audio", media / "audio" / sound, f"mic{n}")
        cameras.append((camera, camera.init_state(f"cam{n}"), seen, hearing.init_state(f"mic{n}"), heard))
    told, sounds_ns = 0, [0] * len(cameras)
    for number in range(1, frames + 1):
        n = number % len(cameras)
        camera, state, seen, listening, heard = cameras[n]
        frame = next(seen)
        assert isinstance(frame, VideoFrame)
        told += len(camera.step(state, frame))
        while sounds_ns[n] < frame.t_ns:
            chunk = next(heard)
            assert isinstance(chunk, AudioChunk)
            sounds_ns[n] = chunk.t_ns
            told += len(hearing.step(listening, chunk))
        if number % max(1, frames // SAMPLES) == 0:
            gc.collect()
            ctypes.CDLL(None).malloc_trim(0)
            rss = round(resident_bytes() / MIB, 2)
            sample = {"frames": number, "told": told, "rss_mb": rss, "objects": len(gc.get_objects())}
            print(json.dumps(sample), flush=True)


def told(samples: list[dict[str, Any]]) -> tuple[list[tuple[str, str]], dict[str, object]]:
    """Rows and figures."""
    frames, rss = np.array([s["frames"] for s in samples]), np.array([s["rss_mb"] for s in samples])
    settled = frames >= SETTLED * frames[-1]
    slope = 1000 * float(np.polyfit(frames[settled], rss[settled], 1)[0]) if settled.sum() > 2 else 0.0
    first = samples[int(np.argmax(settled))]
    rows = [
        (
            f"{frames[-1]} pictures and their time's sound perceived: memory after a quarter, at the end",
            f"{first['rss_mb']:.0f} and {rss[-1]:.0f} MiB, {slope:+.2f} MiB for 1,000 pictures",
        ),
        ("  Python's objects after a quarter, at the end", f"{first['objects']} and {samples[-1]['objects']}"),
    ]
    figures: dict[str, object] = {
        "pictures": int(frames[-1]), "perceived": samples[-1]["told"], "senses_slope_mb_per_1000": round(slope, 3),
        "senses": [first, samples[-1]],
    }  # fmt: skip
    return rows, figures


if __name__ == "__main__":
    look_and_listen(Path(sys.argv[1]), int(sys.argv[2]))
