"""Small media files, made on the spot."""

from __future__ import annotations

import wave
from fractions import Fraction
from pathlib import Path

import av
import numpy as np


def tone(seconds: float, rate_hz: int, hz: float = 440.0, channels: int = 1) -> np.ndarray:
    """`[channels, n]` int16."""
    t = np.arange(round(seconds * rate_hz)) / rate_hz
    return np.tile((np.sin(2 * np.pi * hz * t) * 12_000).astype(np.int16), (channels, 1))


def picture(i: int, width: int = 96, height: int = 64) -> np.ndarray:
    """A frame whose brightness says which one it is: `20 * (i % 12)`."""
    return np.full((height, width, 3), 20 * (i % 12), np.uint8)


def write_clip(
    path: Path,
    *,
    seconds: float = 2.0,
    fps: int | None = 10,
    rate_hz: int | None = 16_000,
    channels: int = 1,
    size: tuple[int, int] = (96, 64),
    codecs: tuple[str, str] = ("mpeg4", "aac"),
) -> Path:
    """A file with a tone and frames of growing brightness; either may be left out with None."""
    with av.open(str(path), "w") as out:
        video = audio = None
        if fps is not None:
            video = out.add_stream(codecs[0], rate=fps)
            video.width, video.height = size
            video.pix_fmt = "yuvj420p" if codecs[0] == "mjpeg" else "yuv420p"
        if rate_hz is not None:
            audio = out.add_stream(codecs[1], rate=rate_hz, layout="stereo" if channels == 2 else "mono")
        for i in range(round(seconds * fps) if fps else 0):
            frame = av.VideoFrame.from_ndarray(picture(i, *size), format="rgb24")
            out.mux(video.encode(frame))
        if audio is not None:
            samples = tone(seconds, rate_hz, channels=channels)
            step = rate_hz // 10
            for begin in range(0, samples.shape[1], step):
                part = np.ascontiguousarray(samples[:, begin : begin + step].T.reshape(1, -1))
                frame = av.AudioFrame.from_ndarray(part, format="s16", layout="stereo" if channels == 2 else "mono")
                frame.sample_rate, frame.pts = rate_hz, begin
                out.mux(audio.encode(frame))
        for stream in (video, audio):
            if stream is not None:
                out.mux(stream.encode(None))
    return path


def write_wav(path: Path, samples: np.ndarray, rate_hz: int) -> Path:
    """`[channels, n]` int16, to the sample."""
    with wave.open(str(path), "wb") as out:
        out.setnchannels(len(samples))
        out.setsampwidth(2)
        out.setframerate(rate_hz)
        out.writeframes(np.ascontiguousarray(samples.T).tobytes())
    return path


def write_jpeg(path: Path, width: int = 80, height: int = 60) -> Path:
    """A still picture, its left half white."""
    path.write_bytes(jpeg(width, height))
    return path


def jpeg(width: int = 80, height: int = 60) -> bytes:
    """A JPEG whose left half is white and whose right half is black."""
    rgb = np.zeros((height, width, 3), np.uint8)
    rgb[:, : width // 2] = 255
    encoder = av.CodecContext.create("mjpeg", "w")
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuvj420p"
    encoder.time_base = Fraction(1, 25)
    frame = av.VideoFrame.from_ndarray(rgb, format="rgb24")
    return b"".join(bytes(p) for p in [*encoder.encode(frame), *encoder.encode(None)])


def claim_size(picture_bytes: bytes, width: int, height: int) -> bytes:
    """A JPEG whose header claims another size: a decompression bomb without its weight."""
    data = bytearray(picture_bytes)
    at = next(i for i in range(len(data)) if data[i : i + 2] == b"\xff\xc0")
    data[at + 5 : at + 9] = height.to_bytes(2, "big") + width.to_bytes(2, "big")
    return bytes(data)


def turned(picture_bytes: bytes) -> bytes:
    """The same JPEG with an EXIF note: turn it a quarter clockwise to see it upright."""
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"
    return picture_bytes[:2] + b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif + picture_bytes[2:]
