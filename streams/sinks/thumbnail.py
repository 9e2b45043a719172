"""A small JPEG of a picture, for people to look at."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray


def jpeg(rgb: NDArray[np.uint8], width: int, quality: int = 75) -> bytes:
    """Bytes of a JPEG, at most `width` pixels wide, of an `[H, W, 3]` picture."""
    height, old_width = rgb.shape[:2]
    if old_width > width:
        size = (width, max(1, round(height * width / old_width)))
        rgb = np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.uint8)
    ok, data = cv2.imencode(".jpg", cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not ok:
        raise ValueError(f"a picture of shape {rgb.shape} cannot be written as JPEG")
    return data.tobytes()
