"""Makes the demonstration clip: `scene.mp4` (picture and a woman's voice) and `user.wav` (the user's questions).

Both start at the same moment. What is in them is returned as data, so that answers can be checked. Voices are
espeak-ng's; words, rate and commas were chosen by what Moonshine tiny understands in 40 variants of level and lead-in:
of the questions after Opus (39, 40 and 40 understood; `Is the light on now?` 26 to 32), of the woman's lines without
Opus and with the voice's own noise (40 and 38; without commas 57 and 39 of 60).
"""

from __future__ import annotations

import wave
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from agent.demo.scene import HEIGHT_PX, WIDTH_PX, Dark, Scene, Walk
from streams.resample import Resampler

RATE_HZ = 48_000
FPS = 15
DURATION_S = 45.0
_PEAK = 0.5
"""Speech level, of full scale."""
_ROOM_TONE = 0.0006
"""Standard deviation of the room's own sound, of full scale."""
_AAC_FRAME = 1024
_SIGN_WORDS = ("GATE", "HALL", "AREA", "DESK")
"""Without letters that look like digits."""
_SIGN_DIGITS = "2345679"

Samples = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Voice:
    """An espeak-ng voice, its speed and its pitch (0..99)."""

    name: str
    words_per_minute: int
    pitch: int


WOMAN = Voice("en-us+f2", 130, 35)
USER = Voice("en-us", 130, 35)

Speak = Callable[[str, Voice], tuple[Samples, int]]
"""Text and voice to `[n]` mono samples in -1..1 and their rate in Hz."""


@dataclass(frozen=True, slots=True)
class Question:
    """Something that the agent is asked."""

    t_s: float
    """When the asking begins, clip time."""
    text: str
    expected: tuple[str, ...]
    """Lower-case words or phrases; an answer that has one of them, as whole words, is right."""
    typed: bool = False
    """Sent as text over the data channel instead of spoken."""
    voice: Voice = USER
    read_as: str = ""
    """How it is written for the voice where commas make it clearer; empty: as it stands."""


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that is said in the scene, for the agent to remember."""

    t_s: float
    text: str
    read_as: str = ""
    """As `Question.read_as`."""


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that can be seen: truth for a test."""

    t_s: float
    what: str
    """`enters left`, `stands`, `leaves right`, `light off` or `light on`."""


@dataclass(frozen=True, slots=True)
class DemoClip:
    """Two files that start together, and the truth about them."""

    scene: Path
    """H.264 640x360 at 15 pictures a second, AAC at 48 kHz mono: the room and the woman's voice."""
    user: Path
    """WAV, 48 kHz mono, 16 bit: the user's voice, silence elsewhere, as long as the scene."""
    duration_s: float
    sign: str
    questions: tuple[Question, ...]
    facts: tuple[Fact, ...]
    happenings: tuple[Happening, ...]


def sign_of(seed: int) -> str:
    """The text of the sign, such as `GATE 47`: another one for another seed."""
    rng = np.random.default_rng(seed)
    digits = rng.choice(list(_SIGN_DIGITS), 2, replace=False)
    return f"{rng.choice(_SIGN_WORDS)} {''.join(digits)}"


def make_clip(folder: Path, speak: Speak, seed: int = 0) -> DemoClip:
    """Draw, speak and encode the clip into `folder` (made if need be). Takes some 10 s of one core; blocks.

    The same seed gives the same pictures and sounds.

    Raises:
        OSError: the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    sign = sign_of(seed)
    walk, dark = Walk(enters_s=9.0, stands_s=12.5, goes_on_s=19.5, leaves_s=23.5), Dark(off_s=26.0, on_s=39.5)
    facts = (
        Fact(1.5, "The keys are behind the door.", read_as="The keys, are behind the door."),
        Fact(14.5, "The meeting begins at four o'clock.", read_as="The meeting begins at four, o'clock."),
    )
    came = ("something", "thing", "person", "somebody", "someone", "man", "figure")
    questions = (
        Question(6.0, "Where are the keys?", ("behind the door", "door"), read_as="Where are, the keys?"),
        Question(18.5, "What came in?", came),
        Question(28.5, "Is the light on?", ("no", "isn't", "not on")),
        Question(37.5, "What does the sign say?", (sign.split()[1],), typed=True),
    )
    clip = DemoClip(
        scene=folder / "scene.mp4",
        user=folder / "user.wav",
        duration_s=DURATION_S,
        sign=sign,
        questions=questions,
        facts=facts,
        happenings=(
            Happening(walk.enters_s, "enters left"),
            Happening(walk.stands_s, "stands"),
            Happening(walk.leaves_s, "leaves right"),
            Happening(dark.off_s, "light off"),
            Happening(dark.on_s, "light on"),
        ),
    )
    room = _track([(f.t_s, f.read_as or f.text, WOMAN) for f in facts], speak)
    room += np.random.default_rng(seed + 1).normal(0.0, _ROOM_TONE, len(room)).astype(np.float32)
    write_scene(clip.scene, Scene(sign, walk, dark, seed), room)
    write_wav(clip.user, _track([(q.t_s, q.read_as or q.text, q.voice) for q in questions if not q.typed], speak))
    return clip


def _track(lines: list[tuple[float, str, Voice]], speak: Speak) -> Samples:
    """`DURATION_S` of sound at `RATE_HZ` with each line at its time."""
    track = np.zeros(round(DURATION_S * RATE_HZ), np.float32)
    for t_s, text, voice in lines:
        samples, rate_hz = speak(text, voice)
        resampler = Resampler(rate_hz, RATE_HZ)
        sound = np.concatenate([resampler.process(samples), resampler.flush()])
        sound *= _PEAK / max(float(np.abs(sound).max(initial=0.0)), 1e-6)
        at = round(t_s * RATE_HZ)
        sound = sound[: len(track) - at]
        track[at : at + len(sound)] += sound
    return track


def write_scene(path: Path, scene: Scene, sound: Samples) -> None:
    """Encode the scene for as long as `sound` (`[n]` at `RATE_HZ`) lasts."""
    with av.open(str(path), "w") as file:
        video = file.add_stream("libx264", rate=FPS, options={"preset": "veryfast", "crf": "20", "bf": "0"})
        video.width, video.height, video.pix_fmt = WIDTH_PX, HEIGHT_PX, "yuv420p"
        video.gop_size = 2 * FPS
        audio = file.add_stream("aac", rate=RATE_HZ, layout="mono")
        audio.bit_rate = 96_000
        done = 0
        for number in range(len(sound) * FPS // RATE_HZ):
            picture = av.VideoFrame.from_ndarray(scene.picture(number / FPS, number), format="rgb24")
            picture.pts, picture.time_base = number, Fraction(1, FPS)
            file.mux(video.encode(picture))
            while done < min((number + 1) * RATE_HZ // FPS, len(sound)):
                part = sound[None, done : done + _AAC_FRAME]
                frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(part), format="fltp", layout="mono")
                frame.sample_rate, frame.pts, frame.time_base = RATE_HZ, done, Fraction(1, RATE_HZ)
                file.mux(audio.encode(frame))
                done += part.shape[1]
        file.mux(video.encode(None))
        file.mux(audio.encode(None))


def write_wav(path: Path, sound: Samples) -> None:
    """Write `[n]` at `RATE_HZ` as 16 bit."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())
