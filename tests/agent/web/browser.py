"""A real browser for tests: Debian's Chromium, headless, whose camera and microphone play files."""

from __future__ import annotations

import json
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.async_api import Browser, Page, async_playwright

from agent.demo.clip import RATE_HZ, write_wav
from dialog.speech.espeak import Espeak, EspeakOptions
from streams.resample import Resampler

WAIT_MS = 120_000
"""How long anything may take on a slow, busy machine."""
FPS = 10

# Counts the energy of what the call plays, as it is played: `heard()` is that of the last 50 ms, 0 to 1.
LISTEN = """
(() => {
  let analyser = null, stream = null, context = null;
  window.heard = () => {
    const playing = document.getElementById('reply').srcObject;
    if (!playing) return 0;
    if (playing !== stream) {
      context ??= new AudioContext();
      analyser = context.createAnalyser();
      analyser.fftSize = 2048;
      context.createMediaStreamSource(playing).connect(analyser);
      stream = playing;
    }
    const samples = new Float32Array(analyser.fftSize);
    analyser.getFloatTimeDomainData(samples);
    return samples.reduce((sum, s) => sum + s * s, 0) / samples.length;
  };
})();
"""
# Keeps the lines that heed sends, and those that it is sent, in `window.lines` and `window.commands`.
OVERHEAR = """
(() => {
  window.lines = [];
  window.commands = [];
  const create = RTCPeerConnection.prototype.createDataChannel;
  RTCPeerConnection.prototype.createDataChannel = function (...args) {
    const channel = create.apply(this, args), send = channel.send.bind(channel);
    channel.addEventListener('message', (m) => window.lines.push(JSON.parse(m.data)));
    channel.send = (line) => { window.commands.push(JSON.parse(line)); send(line); };
    return channel;
  };
})();
"""


def chromium() -> str:
    """Path of the browser."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        pytest.skip("no Chromium here; tools/debian.sh test installs it")
    return found


def recording(path: Path) -> NDArray[np.float32]:
    """The sound of a file, `[n]` at 48 kHz."""
    with av.open(str(path)) as file:
        resampler = av.AudioResampler("flt", "mono", RATE_HZ)
        frames = [f for frame in file.decode(audio=0) for f in resampler.resample(frame)] + resampler.resample(None)
        return np.concatenate([f.to_ndarray()[0] for f in frames])


def speech(text: str, words_per_minute: int = 130) -> NDArray[np.float32]:
    """`[n]` at 48 kHz, by the project's own voice in a pitch that it hears well."""
    samples, rate_hz = Espeak(EspeakOptions("en-us", words_per_minute, pitch=35)).say(text)
    resampler = Resampler(rate_hz, RATE_HZ)
    sound = np.concatenate([resampler.process(samples), resampler.flush()])
    return np.asarray(0.5 * sound / np.abs(sound).max(), np.float32)


def write_microphone(path: Path, parts: list[tuple[float, NDArray[np.float32]]], duration_s: float) -> None:
    """A WAV of `duration_s` with each sound (`[n]` at 48 kHz) at its time in seconds, quiet in between."""
    track = np.random.default_rng(0).normal(0, 0.0005, round(duration_s * RATE_HZ)).astype(np.float32)
    for t_s, sound in parts:
        at = round(t_s * RATE_HZ)
        track[at : at + len(sound)] += sound[: len(track) - at]
    write_wav(path, track)


def write_camera(path: Path, picture: Callable[[int], NDArray[np.uint8]], n: int) -> None:
    """An MJPEG of `n` pictures `[H, W, 3]` at `FPS`."""
    first = picture(0)
    with av.open(str(path), "w", format="mjpeg") as file:
        stream = file.add_stream("mjpeg", rate=FPS, options={"q:v": "3"})
        stream.height, stream.width, stream.pix_fmt = first.shape[0], first.shape[1], "yuvj420p"
        for number in range(n):
            frame = av.VideoFrame.from_ndarray(picture(number), format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, FPS)
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))


def pictures_of(path: Path, seconds: float) -> list[NDArray[np.uint8]]:
    """Pictures of a recording at `FPS`, `[480, 640, 3]` each."""
    found: list[NDArray[np.uint8]] = []
    with av.open(str(path)) as file:
        for frame in file.decode(video=0):
            if frame.time > seconds:
                break
            while len(found) <= frame.time * FPS:
                found.append(frame.reformat(640, 480, "rgb24").to_ndarray())
    return found


@asynccontextmanager
async def browser(microphone: Path, camera: Path, allow: bool = True) -> AsyncIterator[Browser]:
    """Chromium whose microphone and camera play these files; the sound from its beginning, once, whenever opened.

    Its user allows pages to use them, or (`allow` False) does not.
    """
    arguments = [
        *(["--use-fake-ui-for-media-stream"] if allow else []),
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-audio-capture={microphone}%noloop",
        f"--use-file-for-fake-video-capture={camera}",
        "--autoplay-policy=no-user-gesture-required",
        "--disable-features=WebRtcHideLocalIpsWithMdns",
        "--host-resolver-rules=MAP heed.lan 127.0.0.1",
        "--no-sandbox",
    ]
    async with async_playwright() as playwright:
        chrome = await playwright.chromium.launch(executable_path=chromium(), args=arguments)
        try:
            yield chrome
        finally:
            await chrome.close()


async def visit(chrome: Browser, url: str, **options: Any) -> Page:
    """The page of heed at `url` in a window of its own; its faults fail the test that looks at `faults`."""
    context = await chrome.new_context(**options)
    page = await context.new_page()
    page.set_default_timeout(WAIT_MS)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda m: faults.append(m.text) if m.type == "error" else None)
    page.faults = faults  # type: ignore[attr-defined]
    await page.add_init_script(LISTEN)
    await page.add_init_script(OVERHEAR)
    await page.goto(url)
    return page


async def lines(page: Page, kind: str) -> list[dict[str, Any]]:
    """The events of one type that came over the call so far."""
    found: list[dict[str, Any]] = json.loads(await page.evaluate("JSON.stringify(window.lines)"))
    return [line for line in found if line["type"] == kind]
