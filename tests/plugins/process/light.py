"""A plugin that tells which heavy libraries its process has loaded."""

from __future__ import annotations

import sys
from typing import Any


def setup(register: Any) -> None:
    heavy = {"torch", "cv2", "onnxruntime", "transformers", "av", "aiortc"} & set(sys.modules)
    register.status(lambda: ",".join(sorted(heavy)) or "light")
