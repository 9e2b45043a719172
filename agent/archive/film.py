"""A few pictures as a short film that every browser plays: MP4 with H.264. Blocking."""

from __future__ import annotations

import io
from collections.abc import Sequence
from fractions import Fraction

import av
import cv2
import numpy as np

from agent.archive.schema import ArchiveError

_CRF = "28"
_LAST_MS = 300
"""For so long the last picture is shown."""


def film(pictures: Sequence[tuple[int, bytes]]) -> bytes:
    """An MP4 of pictures at their own times.

    Args:
        pictures: `(time in nanoseconds, JPEG)`, in order of time; at least one. All get the size of the first.

    Raises:
        ArchiveError: they cannot be read or encoded.
    """
    out = io.BytesIO()
    try:
        with av.open(out, "w", format="mp4") as container:
            stream = container.add_stream("libx264", options={"preset": "veryfast", "crf": _CRF, "threads": "1"})
            stream.time_base = stream.codec_context.time_base = Fraction(1, 1000)
            stream.pix_fmt, size, last_ms = "yuv420p", (0, 0), -1
            for t_ns, jpeg in pictures:
                bgr = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
                if bgr is None:
                    raise ArchiveError("a picture of a clip cannot be read")
                if last_ms < 0:
                    size = (max(2, bgr.shape[1] // 2 * 2), max(2, bgr.shape[0] // 2 * 2))  # H.264 wants them even
                    stream.width, stream.height = size
                if (bgr.shape[1], bgr.shape[0]) != size:
                    bgr = cv2.resize(bgr, size, interpolation=cv2.INTER_AREA)
                frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(bgr), format="bgr24")
                frame.time_base = Fraction(1, 1000)
                frame.pts = last_ms = max(last_ms + 1, (t_ns - pictures[0][0]) // 1_000_000)
                frame.duration = _LAST_MS
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
    except (av.FFmpegError, cv2.error, ValueError) as error:
        raise ArchiveError(f"a clip cannot be encoded: {error}") from error
    return out.getvalue()
