"""Which device of this machine decodes pictures: tried before it is used; where it fails, the processor does it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import MappingProxyType

import av
from av.codec.hwaccel import HWAccel, hwdevices_available

KINDS = MappingProxyType(
    {
        "cuda": "NVIDIA", "vaapi": "Intel and AMD, Linux", "qsv": "Intel", "videotoolbox": "Apple", "amf": "AMD",
        "d3d11va": "Windows", "d3d12va": "Windows", "dxva2": "Windows", "vulkan": "any", "vdpau": "NVIDIA, older",
        "drm": "small boards", "mediacodec": "Android",
    }
)  # fmt: skip
"""Kinds of devices in FFmpeg's words, in the order in which they are tried."""
CODECS = ("h264", "hevc")
"""What cameras send: a device that decodes one of them is used."""


def wrong_device(text: str) -> str:
    """What is wrong with a wish such as `auto`, `no`, `cuda` or `vaapi:/dev/dri/renderD128`; empty when nothing is."""
    kind, colon, device = text.partition(":")
    if text in ("auto", "no"):
        return ""
    if kind not in KINDS:
        return f"must be auto, no, or a device: {', '.join(KINDS)}"
    if colon and (not device or (kind == "cuda" and not device.isdecimal())):
        return "has no device after the colon" if not device else "needs a number after 'cuda:'"
    return ""


def try_device(kind: str, device: str) -> str:
    """Why a device cannot be used; empty: it decodes one of `CODECS`. Blocking."""
    if kind not in hwdevices_available():
        return f"this FFmpeg has no {kind}; it has {', '.join(hwdevices_available()) or 'none'}"
    problem = ""
    for codec in CODECS:
        try:
            HWAccel(kind, device or None).create(av.Codec(codec, "r"))
            return ""
        except NotImplementedError:
            problem = problem or f"{kind} decodes neither {' nor '.join(CODECS)} here"
        except (av.FFmpegError, ValueError) as error:
            problem = f"{kind} cannot be opened ({getattr(error, 'strerror', None) or error})"
    return problem


class Hardware:
    """The device that all cameras with the same wish share. Found out at the first use; for any thread."""

    def __init__(self, wanted: str = "auto", try_out: Callable[[str, str], str] = try_device) -> None:
        """
        Args:
            wanted: see `wrong_device`.
            try_out: as `try_device`.
        """
        self._wanted, self._try_out = wanted, try_out
        self._lock = threading.Lock()
        self._found: tuple[str, str] | None = None
        self._problem: str | None = None

    @property
    def name(self) -> str:
        """The kind of device that is used; empty: the processor decodes."""
        return self._search()[0][0]

    @property
    def problem(self) -> str:
        """Why the device that was asked for is not used; empty where none was, or it is."""
        return self._search()[1]

    def settings(self) -> HWAccel | None:
        """For one connection; None: decode in software."""
        (kind, device), _ = self._search()
        return HWAccel(kind, device or None, allow_software_fallback=True) if kind else None

    def _search(self) -> tuple[tuple[str, str], str]:
        with self._lock:
            if self._found is None or self._problem is None:
                self._found, self._problem = self._choose()
            return self._found, self._problem

    def _choose(self) -> tuple[tuple[str, str], str]:
        if self._wanted == "no":
            return ("", ""), ""
        if self._wanted == "auto":
            there = [kind for kind in KINDS if kind in hwdevices_available()]
            return next(((kind, "") for kind in there if not self._try_out(kind, "")), ("", "")), ""
        kind, _, device = self._wanted.partition(":")
        problem = self._try_out(kind, device)
        return (("", "") if problem else (kind, device)), problem
