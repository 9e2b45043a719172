"""Picture headers: the size is known, or refused, before anything is decoded."""

from __future__ import annotations

import numpy as np
import pytest

from streams.errors import MediaError
from streams.sources import photo
from streams.sources.photo import MAX_PIXELS, check_size, decode_jpeg, picture_size

from .clips import claim_size, jpeg, turned


def test_the_size_is_read_from_the_header_alone() -> None:
    assert picture_size(jpeg(80, 60)) == (80, 60)
    assert picture_size(turned(jpeg(80, 60))) == (80, 60)
    assert picture_size(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (640).to_bytes(4, "big") + (480).to_bytes(4, "big")) == (
        640,
        480,
    )
    assert picture_size(b"GIF89a") is None


@pytest.mark.parametrize("data", [b"\xff\xd8", b"\xff\xd8\xff\xd9", b"\xff\xd8" + bytes(50), b"\x89PNG\r\n\x1a\n"])
def test_a_header_that_breaks_off_is_one_clear_line(data: bytes) -> None:
    with pytest.raises(MediaError, match="header"):
        picture_size(data)


def test_any_bytes_give_a_size_none_or_a_media_error() -> None:
    rng = np.random.default_rng(7)
    good = jpeg()
    for _ in range(500):
        data = bytearray(good)
        for at in rng.integers(2, len(data), 8):
            data[at] = int(rng.integers(256))
        try:
            picture = decode_jpeg(bytes(data[: int(rng.integers(2, len(data)))]), "x")
        except MediaError:
            continue
        assert picture.ndim == 3


def test_the_limit_is_a_number_of_pixels() -> None:
    check_size(8000, 5000, "x")
    with pytest.raises(MediaError, match="8001 x 5000"):
        check_size(8001, 5000, "x")
    assert MAX_PIXELS == 8000 * 5000


def test_a_bomb_and_another_format_are_refused() -> None:
    with pytest.raises(MediaError, match="20000 x 20000"):
        decode_jpeg(claim_size(jpeg(), 20_000, 20_000), "x")
    with pytest.raises(MediaError, match="not a JPEG"):
        decode_jpeg(b"GIF89a", "in/video/door")


def test_a_picture_larger_than_its_first_header_says_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The size is read from the first frame header, and FFmpeg believes the last."""
    good = jpeg(80, 60)
    at = good.index(b"\xff\xc0")
    header = good[at : at + 2 + int.from_bytes(good[at + 2 : at + 4], "big")]
    small = header[:5] + (16).to_bytes(2, "big") * 2 + header[9:]
    evil = good[:at] + small + good[at:]
    assert picture_size(evil) == (16, 16)
    monkeypatch.setattr(photo, "MAX_PIXELS", 1000)
    with pytest.raises(MediaError, match="larger than it says"):
        decode_jpeg(evil, "x")
