"""Files as a source: every kind of track, exact times, both paces, and all the ways in which a file can be bad."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from streams.clock import ManualClock
from streams.errors import HeedError, MediaError, SourceError
from streams.sources import decode
from streams.sources.decode import Thinner
from streams.sources.file import FileSource
from streams.types import NS, AudioChunk, Health, Media, VideoFrame

from .clips import claim_size, jpeg, tone, turned, write_clip, write_jpeg, write_wav
from .waiting import until


async def read(path: Path, **options: Any) -> tuple[list[Media], list[Health]]:
    health: list[Health] = []
    async with FileSource(path, "clip", on_health=health.append, **options) as source:
        return [item async for item in source], health


def sound(items: list[Media]) -> np.ndarray:
    return np.concatenate([i.samples for i in items if isinstance(i, AudioChunk)])


def frames(items: list[Media]) -> list[VideoFrame]:
    return [i for i in items if isinstance(i, VideoFrame)]


async def error_of(path: Path, kind: type[HeedError]) -> str:
    with pytest.raises(kind) as caught:
        await read(path)
    line = str(caught.value)
    assert "\n" not in line and path.name in line
    return line


async def test_both_tracks_come_in_order_of_time_with_exact_times(tmp_path: Path) -> None:
    items, health = await read(write_clip(tmp_path / "a.mp4", seconds=2.0, fps=10))
    assert [i.t_ns for i in items] == sorted(i.t_ns for i in items)
    assert [f.t_ns for f in frames(items)] == [i * NS // 10 for i in range(20)]
    assert [round(float(f.rgb.mean()) / 20) for f in frames(items)] == [i % 12 for i in range(20)]
    assert frames(items)[0].rgb.shape == (64, 96, 3) and frames(items)[0].rgb.dtype == np.uint8
    chunks = [i for i in items if isinstance(i, AudioChunk)]
    assert all(len(c.samples) == 1600 for c in chunks[:-1])
    assert [c.t0_ns for c in chunks] == [i * NS // 10 for i in range(len(chunks))]
    assert abs(len(sound(items)) - 32_000) <= 2048  # an AAC block
    assert not health and {i.source for i in items} == {"clip"}


@pytest.mark.parametrize(("rate_hz", "channels"), [(8_000, 1), (48_000, 2), (44_100, 2), (16_000, 1)])
async def test_sound_of_any_rate_and_layout_keeps_pitch_length_and_level(
    tmp_path: Path, rate_hz: int, channels: int
) -> None:
    path = write_wav(tmp_path / "tone.wav", tone(1.5, rate_hz, channels=channels), rate_hz)
    items, _ = await read(path)
    samples = sound(items)
    assert not frames(items) and len(samples) == 24_000
    assert samples.dtype == np.float32
    assert abs(np.abs(np.fft.rfft(samples[:16_000])).argmax() - 440) <= 1
    assert np.sqrt(np.mean(samples**2)) == pytest.approx(12_000 / 32_768 / np.sqrt(2), rel=0.02)


async def test_sixteen_kilohertz_mono_is_handed_on_to_the_bit(tmp_path: Path) -> None:
    original = tone(0.5, 16_000)
    items, _ = await read(write_wav(tmp_path / "a.wav", original, 16_000))
    assert np.array_equal(sound(items), original[0].astype(np.float32) / 32_768)


async def test_video_without_sound_and_sound_without_video(tmp_path: Path) -> None:
    async with FileSource(write_clip(tmp_path / "v.mp4", rate_hz=None), "v") as source:
        tracks = source.tracks()
        assert tracks.video and not tracks.audio and tracks.fps == 10 and (tracks.width, tracks.height) == (96, 64)
        assert tracks.duration_s == pytest.approx(2.0)
        assert [c async for c in source.audio()] == []
        assert len([f async for f in source.video()]) == 20
    items, _ = await read(write_clip(tmp_path / "a.mka", fps=None))
    assert not frames(items) and len(sound(items))


async def test_the_tracks_can_be_read_side_by_side(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "a.mkv")
    merged, _ = await read(path)
    async with FileSource(path, "clip") as source:
        chunks = [c async for c in source.audio()]
        pictures = [f async for f in source.video()]
    assert np.array_equal(sound(chunks), sound(merged))
    assert [f.t_ns for f in pictures] == [f.t_ns for f in frames(merged)]


@pytest.mark.parametrize("kept", [1, 3, 5, 10, 25])
async def test_frames_are_thinned_evenly(tmp_path: Path, kept: int) -> None:
    items, _ = await read(write_clip(tmp_path / "a.mp4", rate_hz=None), max_fps=kept)
    times = [f.t_ns / NS for f in frames(items)]
    assert len(times) == 2 * min(kept, 10) and times[0] == 0.0
    gaps = np.diff(times)
    assert gaps.max() - gaps.min() <= 0.1 + 1e-9


def test_thinning_to_the_files_own_rate_keeps_all_of_it_though_times_are_rounded() -> None:
    thinner = Thinner(30)
    assert sum(thinner.keep(int(i / 30 * 1000) * 1_000_000) for i in range(3000)) == 3000


async def test_a_picture_is_one_frame_at_time_zero(tmp_path: Path) -> None:
    path = write_jpeg(tmp_path / "photo %03d.jpg", 80, 60)
    items, health = await read(path)
    assert [(type(i), i.t_ns) for i in items] == [(VideoFrame, 0)] and not health
    rgb = frames(items)[0].rgb
    assert rgb.shape == (60, 80, 3) and rgb[:, :36].min() > 200 and rgb[:, 44:].max() < 60
    async with FileSource(path, "p") as source:
        assert source.tracks().duration_s == 0.0 and source.tracks().fps == 0.0


async def test_a_picture_is_turned_upright(tmp_path: Path) -> None:
    (tmp_path / "turned.jpg").write_bytes(turned(jpeg(80, 60)))
    rgb = frames((await read(tmp_path / "turned.jpg"))[0])[0].rgb
    assert rgb.shape == (80, 60, 3) and rgb[:36].min() > 200 and rgb[44:].max() < 60


async def test_a_photograph_with_large_notes_before_its_picture_is_read(tmp_path: Path) -> None:
    data = jpeg(80, 60)
    notes = b"".join(b"\xff\xed" + (60_002).to_bytes(2, "big") + bytes(60_000) for _ in range(10))
    (tmp_path / "phone.jpg").write_bytes(data[:2] + notes + data[2:])
    assert frames((await read(tmp_path / "phone.jpg"))[0])[0].rgb.shape == (60, 80, 3)


async def test_large_pictures_are_scaled_down(tmp_path: Path) -> None:
    items, _ = await read(write_jpeg(tmp_path / "large.jpg", 2560, 1000))
    assert frames(items)[0].rgb.shape == (500, 1280, 3)


class WatchedClock(ManualClock):
    """Tells how often somebody has asked it to wait."""

    asked = 0

    async def sleep_until(self, t_ns: int) -> None:
        self.asked += 1
        await super().sleep_until(t_ns)


async def test_real_time_waits_for_the_clock_and_dates_from_its_now(tmp_path: Path) -> None:
    clock = WatchedClock()
    clock.advance_to(5 * NS)
    path = write_wav(tmp_path / "a.wav", tone(0.5, 16_000), 16_000)
    got: list[Media] = []

    async def consume() -> None:
        async with FileSource(path, "clip", pace=clock) as source:
            async for item in source:
                got.append(item)

    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        group.create_task(consume())
        for n in range(1, 6):
            await until(lambda n=n: clock.asked >= n)  # type: ignore[misc]
            assert len(got) == n - 1  # item n is complete at n tenths, and not handed out before
            clock.advance_to(5 * NS + n * NS // 10)
    assert [c.t0_ns for c in got if isinstance(c, AudioChunk)] == [5 * NS + i * NS // 10 for i in range(5)]


async def test_no_more_than_the_read_ahead_is_decoded_for_a_slow_consumer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    decoded = 0
    original = decode.to_rgb

    def counting(frame: av.VideoFrame) -> np.ndarray:
        nonlocal decoded
        decoded += 1
        return original(frame)

    monkeypatch.setattr(decode, "to_rgb", counting)
    async with FileSource(write_clip(tmp_path / "a.mp4", seconds=10, rate_hz=None), "clip") as source:
        items = aiter(source)
        for _ in range(3):
            await anext(items)
        await until(lambda: decoded >= 16)  # the batch in hand and the one ahead
        with pytest.raises(TimeoutError):
            await until(lambda: decoded > 16, 0.05)
        assert decoded == 16
        await items.aclose()  # type: ignore[attr-defined]


async def test_a_hole_in_the_sound_is_filled_with_silence(tmp_path: Path) -> None:
    path = tmp_path / "hole.mka"
    with av.open(str(path), "w") as out:
        stream = out.add_stream("pcm_s16le", rate=16_000, layout="mono")
        for i in range(20):
            frame = av.AudioFrame.from_ndarray(np.full((1, 1600), 8000, np.int16), format="s16", layout="mono")
            frame.sample_rate, frame.pts = 16_000, 1600 * i + (16_000 if i >= 10 else 0)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    samples = sound((await read(path))[0])
    assert len(samples) == 48_000
    assert np.all(samples[:16_000] > 0.2) and not samples[16_000:32_000].any() and np.all(samples[32_000:] > 0.2)


@pytest.mark.parametrize("suffix", ["mkv", "mp4", "flac"])
async def test_a_file_cut_short_yields_what_is_there_and_says_so(tmp_path: Path, suffix: str) -> None:
    whole = tmp_path / f"whole.{suffix}"
    if suffix == "flac":
        write_clip(whole, seconds=20, fps=None, codecs=("", "flac"))
    else:
        write_clip(whole, seconds=20)
    if suffix == "mp4":  # its index must come first, else nothing is readable
        faststart = tmp_path / "fast.mp4"
        with av.open(str(whole)) as src, av.open(str(faststart), "w", options={"movflags": "faststart"}) as out:
            streams = {s.index: out.add_stream_from_template(s) for s in src.streams}
            for packet in src.demux():
                if packet.dts is not None:
                    packet.stream = streams[packet.stream.index]
                    out.mux(packet)
        whole = faststart
    data = whole.read_bytes()
    cut = tmp_path / f"cut.{suffix}"
    cut.write_bytes(data[: len(data) * 6 // 10])
    items, health = await read(cut)
    assert 5 < items[-1].t_ns / NS < 15
    assert len(health) == 1 and health[0].state == "degraded" and health[0].component == "file:clip"
    assert "cut" in health[0].reason and "\n" not in health[0].reason


async def test_damage_in_the_middle_costs_only_the_middle(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "a.mkv", seconds=10, rate_hz=None)
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 400] = bytes(range(256)) + bytes(144)
    path.write_bytes(data)
    items, _ = await read(path)
    assert len(items) > 60 and items[-1].t_ns > 9 * NS


async def test_missing_file_and_folder(tmp_path: Path) -> None:
    assert "there is no file" in await error_of(tmp_path / "none.mp4", SourceError)
    assert "folder" in await error_of(tmp_path, SourceError)


async def test_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "empty.mp4").touch()
    assert "empty" in await error_of(tmp_path / "empty.mp4", MediaError)


@pytest.mark.parametrize("name", ["noise.mp4", "noise.wav", "noise.jpg"])
async def test_a_corrupt_file(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(np.random.default_rng(1).bytes(20_000))
    await error_of(tmp_path / name, MediaError)


async def test_a_video_without_its_index(tmp_path: Path) -> None:
    data = write_clip(tmp_path / "a.mp4").read_bytes()
    (tmp_path / "cut.mp4").write_bytes(data[: len(data) // 2])
    assert "damaged" in await error_of(tmp_path / "cut.mp4", MediaError)


async def test_media_of_zero_length(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "zero.wav", np.zeros((1, 0), np.int16), 16_000)
    assert "nothing of its audio" in await error_of(path, MediaError)


async def test_sound_of_an_unusable_rate(tmp_path: Path) -> None:
    line = await error_of(write_wav(tmp_path / "slow.wav", tone(1, 900), 900), MediaError)
    assert "900 Hz" in line


async def test_a_file_without_sound_and_picture(tmp_path: Path) -> None:
    (tmp_path / "titles.srt").write_text("1\n00:00:00,000 --> 00:00:02,000\nhello\n\n")
    assert "no sound and no picture" in await error_of(tmp_path / "titles.srt", MediaError)


async def test_a_picture_bomb_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    path = tmp_path / "bomb.jpg"
    path.write_bytes(claim_size(jpeg(), 20_000, 20_000))
    line = await error_of(path, MediaError)
    assert "20000 x 20000" in line and "40 megapixels" in line


async def test_a_play_list_does_not_make_the_file_source_read_other_addresses(tmp_path: Path) -> None:
    write_clip(tmp_path / "secret.ts", codecs=("mpeg2video", "mp2"))
    (tmp_path / "list.ffconcat").write_text("ffconcat version 1.0\nfile 'http://127.0.0.1:9/x.ts'\n")
    await error_of(tmp_path / "list.ffconcat", MediaError)


async def test_what_is_not_open_says_so(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="not open"):
        FileSource(tmp_path / "a.mp4", "clip").tracks()


@pytest.mark.media
async def test_real_recordings_have_the_length_that_the_manifest_says(
    media: Path, manifest: dict[str, dict[str, Any]]
) -> None:
    for name in ("audio/en_goforward.flac", "video/talk_bbaf2n.mp4", "video/two_walk_to_camera.mp4"):
        items, health = await read(media / name, max_fps=5)
        assert not health
        assert items[-1].t_ns / NS == pytest.approx(manifest[name]["duration_s"], abs=0.25)
