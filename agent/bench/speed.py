"""`heed bench speed`: how much faster than real time a camera with speech is worked off, what a static picture costs,
and how much memory it takes. Everything in one process, with the default models, as `heed replay` runs it."""

from __future__ import annotations

import argparse
import asyncio
import resource
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from agent.bench.table import BenchResult

STATIC_S = 60
STATIC_FPS = 5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--file", type=Path, help="a recording with sound (default: the clip of `heed demo`)")


def run(args: argparse.Namespace) -> BenchResult:
    from agent.config import load_config

    config = load_config()
    with tempfile.TemporaryDirectory() as folder:
        path = args.file or _demo_clip(Path(folder))
        figures = asyncio.run(_replay(config, path, Path(folder)))
    figures["peak_memory_gb"] = round(_peak_bytes() / 1e9, 3)
    rows = [
        ("camera with speech, times real time", f"{figures['times_real_time']:.1f}", "at least 3"),
        ("... of a recording of", f"{figures['recording_s']:.1f} s", ""),
        ("static picture at 5 fps, share of one core", f"{100 * figures['static_core_share']:.2f} %", "under 2 %"),
        ("peak memory of the process", f"{figures['peak_memory_gb']:.2f} GB", "under 2.5 GB"),
    ]
    return BenchResult("speed", ("what", "measured", "wanted"), rows, figures)


def _demo_clip(folder: Path) -> Path:
    from agent.demo.clip import make_clip
    from agent.demo.run import espeak

    return make_clip(folder, espeak).scene


async def _replay(config: object, path: Path, out: Path) -> dict[str, float]:
    from agent.config import Config
    from agent.replay import Question
    from agent.wiring import Replayed, replaying
    from streams.sources.file import FileSource

    assert isinstance(config, Config)
    async with FileSource(path, "camera", max_fps=10) as source:
        duration_s = source.tracks().duration_s
        wanted = Replayed(source, [Question(duration_s, "What happened?")], out=out)
        async with replaying(config, wanted, lambda line: None) as session:
            start = time.perf_counter()
            await session.run()
            took_s = time.perf_counter() - start
            static = await asyncio.get_running_loop().run_in_executor(
                session.workers.vision, _static_share, session.parts.vision
            )
    return {
        "recording_s": round(duration_s, 3),
        "took_s": round(took_s, 3),
        "times_real_time": round(duration_s / took_s, 2),
        "static_core_share": round(static, 5),
    }


def _static_share(vision: object) -> float:
    """Processor seconds per second of stream, of a picture in which only the sensor's noise changes."""
    from streams.types import VideoFrame, ns

    rng = np.random.default_rng(0)
    scene = np.repeat(np.repeat(rng.integers(40, 200, (36, 64, 3), np.int16), 10, 0), 10, 1)
    noise = [rng.normal(0, 1.5, scene.shape) for _ in range(5)]
    frames = [np.clip(scene + n, 0, 255).astype(np.uint8) for n in noise]
    state = vision.init_state("static")  # type: ignore[attr-defined]
    count = STATIC_S * STATIC_FPS
    settle = 10 * STATIC_FPS  # the first look at a scene is not what is measured
    begun = 0.0
    for n in range(settle + count):
        if n == settle:
            begun = time.process_time()
        frame = VideoFrame("static", ns(n / STATIC_FPS), frames[n % len(frames)])
        vision.step(state, frame)  # type: ignore[attr-defined]
    return (time.process_time() - begun) / STATIC_S


def _peak_bytes() -> int:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
