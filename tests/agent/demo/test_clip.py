"""The clip is what its truth says: lines at their times, a sign that can be read, a visit, a light that goes off."""

from __future__ import annotations

import wave
from pathlib import Path

import av
import numpy as np
import pytest

from agent.demo.clip import DURATION_S, RATE_HZ, DemoClip, Samples, Voice, make_clip, sign_of
from agent.demo.scene import HEIGHT_PX, WIDTH_PX, Dark, Scene, Walk

SAID: dict[str, Voice] = {}


def tone(text: str, voice: Voice) -> tuple[Samples, int]:
    """A second of a tone instead of speech, at espeak-ng's rate."""
    SAID[text] = voice
    return np.sin(np.arange(22_050) * 0.1).astype(np.float32), 22_050


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> DemoClip:
    return make_clip(tmp_path_factory.mktemp("clip"), tone, seed=3)


def sound_of(path: Path) -> Samples:
    with av.open(str(path)) as file:
        parts = [frame.to_ndarray() for frame in file.decode(audio=0)]
    sound = np.concatenate(parts, axis=1)[0]
    return sound / np.float32(32768) if sound.dtype == np.int16 else sound.astype(np.float32)


def loud_from(sound: Samples) -> list[float]:
    """Where sound begins after at least half a second without, seconds."""
    blocks = np.abs(sound[: len(sound) // 480 * 480]).reshape(-1, 480).max(axis=1) > 0.1
    return [n / 100 for n in np.flatnonzero(blocks) if not blocks[max(0, n - 50) : n].any()]


def test_both_files_have_the_same_length_and_the_promised_form(clip: DemoClip) -> None:
    with av.open(str(clip.scene)) as file:
        video, audio = file.streams.video[0], file.streams.audio[0]
        assert (video.width, video.height, video.average_rate, video.codec_context.name) == (640, 360, 15, "h264")
        assert (audio.sample_rate, audio.channels, audio.codec_context.name) == (48_000, 1, "aac")
    with wave.open(str(clip.user)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (48_000, 1, 2)
        assert file.getnframes() == round(DURATION_S * RATE_HZ)
    assert abs(len(sound_of(clip.scene)) / RATE_HZ - clip.duration_s) < 0.05


def test_lines_are_said_at_their_times_by_their_voices(clip: DemoClip) -> None:
    facts, spoken = [f.t_s for f in clip.facts], [q.t_s for q in clip.questions if not q.typed]
    assert loud_from(sound_of(clip.scene)) == pytest.approx(facts, abs=0.06)
    assert loud_from(sound_of(clip.user)) == pytest.approx(spoken, abs=0.02)
    women = {SAID[f.read_as or f.text].name for f in clip.facts}
    men = {SAID[q.read_as or q.text].name for q in clip.questions if not q.typed}
    assert len(women) == len(men) == 1 and women != men
    assert not any(q.text in SAID for q in clip.questions if q.typed)
    for line in (*clip.facts, *clip.questions):
        assert not line.read_as or line.read_as.replace(",", "") == line.text


def test_there_is_time_to_answer_before_anybody_speaks_again(clip: DemoClip) -> None:
    speech = sorted([f.t_s for f in clip.facts] + [q.t_s for q in clip.questions] + [clip.duration_s])
    for question in clip.questions:
        following = min(t for t in speech if t > question.t_s)
        assert following - question.t_s >= 6.5


def test_every_answer_can_be_known_when_it_is_asked_for(clip: DemoClip) -> None:
    at = {h.what: h.t_s for h in clip.happenings}
    keys, came, light, sign = clip.questions
    assert clip.sign.split()[1] in sign.expected and sign.typed
    assert clip.facts[0].t_s < keys.t_s and keys.expected[0] in clip.facts[0].text
    assert at["light off"] + 2 < light.t_s < at["light on"] - 2
    assert at["enters left"] + 2 < came.t_s


@pytest.mark.parametrize("seed", range(6))
def test_the_sign_can_be_read_by_light_and_in_the_dark(seed: int) -> None:
    rapidocr = pytest.importorskip("rapidocr_onnxruntime")
    scene = Scene(sign_of(seed), Walk(1, 2, 3, 4), Dark(10, 20), seed)
    reader = rapidocr.RapidOCR(intra_op_num_threads=1)
    for t_s in (0.5, 2.5, 15.0) if seed == 0 else (0.5,):
        found, _ = reader(np.ascontiguousarray(scene.picture(t_s, 1)[..., ::-1]))
        assert [text for _, text, _ in found] == [sign_of(seed)], "the sign, and nothing else that looks like text"


def test_signs_differ_by_seed_and_not_by_run() -> None:
    signs = [sign_of(seed) for seed in range(20)]
    assert len(set(signs)) > 10 and signs == [sign_of(seed) for seed in range(20)]


def test_the_visitor_comes_from_the_left_stays_and_leaves_to_the_right() -> None:
    walk = Walk(enters_s=2, stands_s=4, goes_on_s=6, leaves_s=8)
    scene = Scene("HALL 1", walk, Dark(50, 60), 0)
    empty = scene.picture(0.0, 0).astype(int)

    def columns(t_s: float) -> np.ndarray:
        changed = np.abs(scene.picture(t_s, 0).astype(int) - empty).max(axis=2) > 30
        return np.flatnonzero(changed.any(axis=0))

    assert not len(columns(1.9)) and not len(columns(8.0))
    assert columns(2.3)[0] == 0 and columns(2.3)[-1] < WIDTH_PX / 4
    middle = columns(5.0)
    assert middle[0] > WIDTH_PX * 0.4 and middle[-1] < WIDTH_PX * 0.65
    assert np.array_equal(columns(4.5), columns(5.5)), "it stands still"
    assert columns(7.7)[-1] == WIDTH_PX - 1


def test_the_light_goes_off_and_on_again() -> None:
    scene = Scene("HALL 1", Walk(50, 51, 52, 53), Dark(2, 4), 0)
    on, off, again = (scene.picture(t, 0).mean() for t in (1.9, 3.0, 4.2))
    assert off < 0.4 * on and again == pytest.approx(on)


def test_pictures_are_noisy_but_repeatable() -> None:
    scene = Scene("HALL 1", Walk(50, 51, 52, 53), Dark(60, 70), 0)
    first, second = scene.picture(0, 0), scene.picture(0, 1)
    assert first.shape == (HEIGHT_PX, WIDTH_PX, 3) and first.dtype == np.uint8
    assert 1.5 < (first.astype(float) - second).std() < 6
    assert np.array_equal(first, Scene("HALL 1", Walk(50, 51, 52, 53), Dark(60, 70), 0).picture(0, 0))
