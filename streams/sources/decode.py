"""Encoded media to chunks and frames, with PyAV. Plain blocking generators: they run on a worker thread."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TypeVar

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.stream import Disposition
from av.video.frame import VideoFrame as AvFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from streams.errors import MediaError, SourceError
from streams.resample import Resampler, to_agent_rate
from streams.sources.photo import MAX_PIXELS, PICTURES, check_size, picture_size, to_rgb
from streams.types import NS, SAMPLE_RATE_HZ, AudioChunk, Media, VideoFrame, seconds

CHUNK_SAMPLES = SAMPLE_RATE_HZ // 10
"""Sound is cut into pieces of 100 ms."""
MAX_SILENCE_NS = 60 * NS
"""A longer hole in a file's sound is a jump in time, not filled with silence."""
MAX_HEADER_BYTES = 32 * 1024 * 1024
"""Of a photograph, searched for its size."""
GAP_NS = NS // 10
"""Time stamps of sound that are off by less are jitter: samples are counted instead."""
MAX_BROKEN_PACKETS = 1000
"""After so many undecodable packets in a row a file counts as broken."""

_SURE_OF_LENGTH = frozenset({"mov", "mp4", "matroska", "webm", "flac", "avi"})
_F = TypeVar("_F", av.AudioFrame, AvFrame)
_OPTIONS = {"protocol_whitelist": "file", "max_pixels": str(MAX_PIXELS)}


@dataclass(frozen=True, slots=True)
class TrackInfo:
    """What a file holds, as its header says."""

    audio: bool
    video: bool
    duration_s: float
    """Zero for a picture and where the header does not say."""
    width: int
    height: int
    """Of the picture as stored, before scaling; zero without video."""
    fps: float
    """Average; zero for a picture and where unknown."""


def check_path(path: Path) -> None:
    """Refuse what is not a non-empty, readable file, or is a picture too large to decode.

    Raises:
        SourceError, MediaError: with one clear line.
    """
    if not path.exists():
        raise SourceError(f"there is no file {path}")
    if not path.is_file():
        raise SourceError(f"{path} is {'a folder' if path.is_dir() else 'no regular file'}; give a media file")
    try:
        with path.open("rb") as file:
            head = file.read(64)
            if head.startswith(PICTURES):  # a photograph's notes and previews may come before its size
                head += file.read(MAX_HEADER_BYTES)
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}") from None
    if not head:
        raise MediaError(f"{path} is empty (0 bytes)")
    size = picture_size(head)
    if size is not None:
        check_size(*size, str(path))


def open_file(path: Path) -> tuple[BinaryIO, InputContainer]:
    """Open through a file object, so that no name is taken for a pattern, a protocol or a play list.

    Raises:
        SourceError, MediaError: with one clear line.
    """
    check_path(path)
    file = path.open("rb")
    try:
        return file, av.open(file, "r", options=_OPTIONS)
    except (av.FFmpegError, ValueError) as error:
        file.close()
        reason = getattr(error, "strerror", None) or str(error)
        raise MediaError(
            f"{path} is not a media file that can be read, or is damaged at its beginning ({reason})"
        ) from None


def pick(container: InputContainer) -> tuple[AudioStream | None, VideoStream | None]:
    """The tracks to read: the first sound and the first moving picture (or still, when it is all there is)."""
    sound = [s for s in container.streams.audio if s.codec_context is not None]
    covers = [s for s in container.streams.video if s.disposition & Disposition.attached_pic]
    picture = [s for s in container.streams.video if s.codec_context is not None and s not in covers]
    return (sound[0] if sound else None), (picture[0] if picture else None)


def probe(path: Path) -> TrackInfo:
    """What is in a file; reads its header only.

    Raises:
        SourceError: it is not there or cannot be read.
        MediaError: it holds no sound or picture that can be decoded, or too large a picture.
    """
    file, container = open_file(path)
    with file, container:
        audio, video = pick(container)
        if audio is None and video is None:
            raise MediaError(f"{path} has no sound and no picture that can be decoded")
        if video is not None:
            check_size(video.codec_context.width, video.codec_context.height, str(path))
        still = video is not None and _is_still(container)
        rate = video.average_rate if video is not None and not still else None
        return TrackInfo(
            audio=audio is not None,
            video=video is not None,
            duration_s=0.0 if still else _duration_ns(container) / NS,
            width=0 if video is None else video.codec_context.width,
            height=0 if video is None else video.codec_context.height,
            fps=float(rate) if rate else 0.0,
        )


def read_audio(path: Path, name: str, warn: Callable[[str], None]) -> Iterator[AudioChunk]:
    """A file's sound, mono at `SAMPLE_RATE_HZ`, in chunks of 100 ms (the last is shorter).

    Times are relative to the file's first track. Holes are filled with silence. `warn` gets one line for a file
    that breaks off.

    Raises:
        MediaError: a sample rate that cannot be.
    """
    file, container = open_file(path)
    with file, container:
        stream, _ = pick(container)
        if stream is None:
            return
        origin = _origin_ns(container)
        cutter = _Cutter(path, name, _limit_ns(container))
        for frame in _frames(container, stream, av.AudioFrame, path, warn):
            yield from cutter.add(frame, origin)
        yield from cutter.flush()
        _check_end(container, stream, path, cutter.position_ns, warn)


def read_video(path: Path, name: str, max_fps: float | None, warn: Callable[[str], None]) -> Iterator[VideoFrame]:
    """A file's pictures as RGB, longest side at most 1280, at most `max_fps` a second of media time."""
    file, container = open_file(path)
    with file, container:
        _, stream = pick(container)
        if stream is None:
            return
        stream.thread_type = "AUTO"
        stream.codec_context.options = {"max_pixels": str(MAX_PIXELS)}
        origin = _origin_ns(container)
        rate = stream.average_rate
        step_ns = round(NS / rate) if rate else NS // 25
        thin = Thinner(max_fps)
        last, limit_ns = -1, _limit_ns(container)
        for frame in _frames(container, stream, AvFrame, path, warn):
            stamp = _time_ns(frame, origin)
            if stamp is None or stamp > limit_ns:
                stamp = last + step_ns if last >= 0 else 0
            t_ns = last = max(stamp, last + 1, 0)
            if thin.keep(t_ns):
                yield VideoFrame(name, t_ns, to_rgb(frame))
        if not _is_still(container):
            _check_end(container, stream, path, last, warn)


def read_merged(path: Path, name: str, max_fps: float | None, warn: Callable[[str], None]) -> Iterator[Media]:
    """Both tracks in one order of time (a chunk counts from its end, when it can be known).

    Each track has its own reader, so a file whose tracks are badly interleaved needs no memory.
    """
    return heapq.merge(read_audio(path, name, warn), read_video(path, name, max_fps, warn), key=lambda m: m.t_ns)


class Thinner:
    """Keeps at most `max_fps` frames a second, evenly, by media time; all of them for None."""

    def __init__(self, max_fps: float | None) -> None:
        if max_fps is not None and max_fps <= 0:
            raise ValueError(f"a frame rate must be above 0, not {max_fps}")
        self._max_fps = max_fps
        self._slot = -1

    def keep(self, t_ns: int) -> bool:
        """True for the first frame of each interval. Containers round times to a millisecond, so allow for that."""
        if self._max_fps is None:
            return True
        slot = int((t_ns + NS // 1000) * self._max_fps / NS)
        if slot <= self._slot:
            return False
        self._slot = slot
        return True


class _Cutter:
    """Decoded sound to chunks of equal length: mixes, resamples, fills holes."""

    def __init__(self, path: Path, name: str, limit_ns: int) -> None:
        self._path, self._name = path, name
        self._limit_ns = limit_ns
        self._resampler: Resampler | None = None
        self._t0_ns: int | None = None
        self._taken = 0
        self._given = 0
        self._buffer: NDArray[np.float32] = np.zeros(0, np.float32)

    @property
    def position_ns(self) -> int:
        """Where the sound given out so far ends."""
        return (self._t0_ns or 0) + (self._given + len(self._buffer)) * NS // SAMPLE_RATE_HZ

    def add(self, frame: av.AudioFrame, origin: int) -> Iterator[AudioChunk]:
        samples = to_float(frame)
        channels = samples.shape[1]
        changed = (frame.sample_rate, channels)
        if self._resampler is None or changed != (self._resampler.rate_in_hz, self._resampler.channels):
            yield from self._restart(frame, origin, channels)
        assert self._resampler is not None and self._t0_ns is not None
        expected = self._t0_ns + self._taken * NS // frame.sample_rate
        t_ns = self._stamp(frame, origin)
        if t_ns is not None and t_ns < 0 and not self._taken:
            samples = samples[min(len(samples), -t_ns * frame.sample_rate // NS) :]
        late_ns = 0 if t_ns is None else t_ns - expected
        if late_ns > MAX_SILENCE_NS:
            yield from self._restart(frame, origin, channels)
        elif late_ns > GAP_NS:
            hole = late_ns * frame.sample_rate // NS
            for begin in range(0, hole, frame.sample_rate):
                yield from self._push(np.zeros((min(frame.sample_rate, hole - begin), channels), np.float32))
        yield from self._push(samples)

    def flush(self) -> Iterator[AudioChunk]:
        if self._resampler is not None:
            self._buffer = np.concatenate([self._buffer, self._resampler.flush()])
        yield from self._cut()
        if len(self._buffer):
            yield self._chunk(len(self._buffer))

    def _restart(self, frame: av.AudioFrame, origin: int, channels: int) -> Iterator[AudioChunk]:
        """Begin anew at this frame: the first one, or the format changed, or time jumped."""
        yield from self.flush()
        self._t0_ns = max(self._stamp(frame, origin) or 0, self.position_ns)
        self._taken = self._given = 0
        self._resampler = to_agent_rate(frame.sample_rate, channels, str(self._path))

    def _stamp(self, frame: av.AudioFrame, origin: int) -> int | None:
        """The frame's own time; None where it has none, or one that cannot be."""
        t_ns = _time_ns(frame, origin)
        return None if t_ns is None or t_ns > self._limit_ns else t_ns

    def _push(self, samples: NDArray[np.float32]) -> Iterator[AudioChunk]:
        assert self._resampler is not None
        self._taken += len(samples)
        self._buffer = np.concatenate([self._buffer, self._resampler.process(samples)])
        yield from self._cut()

    def _cut(self) -> Iterator[AudioChunk]:
        while len(self._buffer) >= CHUNK_SAMPLES:
            yield self._chunk(CHUNK_SAMPLES)

    def _chunk(self, n: int) -> AudioChunk:
        t0_ns = (self._t0_ns or 0) + self._given * NS // SAMPLE_RATE_HZ
        chunk = AudioChunk(self._name, t0_ns, self._buffer[:n].copy())
        self._buffer = self._buffer[n:]
        self._given += n
        return chunk


def _frames(
    container: InputContainer,
    stream: AudioStream | VideoStream,
    kind: type[_F],
    path: Path,
    warn: Callable[[str], None],
) -> Iterator[_F]:
    """Decode a track; damaged packets are skipped and counted, the end of a cut file is its end.

    Raises:
        MediaError: the file's only track has nothing that can be decoded.
    """
    broken = in_a_row = given = 0
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets)
        except StopIteration:
            break
        except av.FFmpegError as error:
            warn(f"{path} cannot be read to its end ({error.strerror}); what came before is used")
            break
        try:
            frames = [frame for frame in packet.decode() if isinstance(frame, kind)]
            in_a_row = 0
        except av.FFmpegError:
            broken, in_a_row = broken + 1, in_a_row + 1
            if in_a_row > MAX_BROKEN_PACKETS:
                break
            continue
        given += len(frames)
        yield from frames
    if broken and given:
        warn(f"{path}: {broken} damaged pieces of its {stream.type} were skipped")
    elif not given:
        line = f"{path}: nothing of its {stream.type} can be decoded; the file is damaged"
        if None in pick(container):
            raise MediaError(line)
        warn(line)


def _check_end(
    container: InputContainer, stream: AudioStream | VideoStream, path: Path, end_ns: int, warn: Callable[[str], None]
) -> None:
    """Warn when a track ends well before its header says. Formats that only estimate their length are let off."""
    if _SURE_OF_LENGTH.isdisjoint(container.format.name.split(",")):
        return
    length = _duration_ns(container)
    if stream.duration is not None and stream.time_base is not None:
        length = round(stream.duration * stream.time_base * NS)
    if length - end_ns > max(NS, length // 20):
        warn(
            f"{path} is cut short: its {stream.type} ends at {seconds(max(0, end_ns)):.1f} s of {seconds(length):.1f} s"
        )


def to_float(frame: av.AudioFrame) -> NDArray[np.float32]:
    """`[n, channels]`, -1..1, of any sample format."""
    data = frame.to_ndarray()
    channels = frame.layout.nb_channels
    samples = data.T if frame.format.is_planar else data.reshape(-1, channels)
    scale = {"u1": 2**7, "i2": 2**15, "i4": 2**31, "i8": 2**63}.get(samples.dtype.str[1:])
    floats: NDArray[np.float32] = samples.astype(np.float32)
    if scale is None:
        return np.nan_to_num(floats, nan=0.0, posinf=1.0, neginf=-1.0)
    if samples.dtype == np.uint8:
        floats -= 128
    floats /= np.float32(scale)
    return floats


def _time_ns(frame: av.AudioFrame | AvFrame, origin: int) -> int | None:
    if frame.pts is None or frame.time_base is None:
        return None
    return round(frame.pts * frame.time_base * NS) - origin


def _origin_ns(container: InputContainer) -> int:
    """When the first track begins."""
    return (container.start_time or 0) * (NS // av.time_base)


def _duration_ns(container: InputContainer) -> int:
    return max(0, container.duration or 0) * (NS // av.time_base)


def _limit_ns(container: InputContainer) -> int:
    """No time stamp beyond this is believed: the file's length and a minute more, where the length is known."""
    length = _duration_ns(container)
    return length + 60 * NS if length else np.iinfo(np.int64).max


def _is_still(container: InputContainer) -> bool:
    name = container.format.name
    return name.endswith("_pipe") or "image2" in name
