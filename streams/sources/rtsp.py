"""Network cameras: RTSP, and video over HTTP (MJPEG, MP4, HLS)."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import av
from av.codec.hwaccel import HWAccel

from streams.clock import Clock
from streams.errors import SourceError
from streams.sources.hardware import Hardware
from streams.sources.live import LiveOptions, LiveSource, Opened
from streams.sources.photo import MAX_PIXELS
from streams.sources.session import Timing
from streams.sources.urls import STREAM_PORTS, StreamUrl, parse_url
from streams.types import Health

MOST_SILENCE_S = 32.0
ANALYSE_US = 500_000

_PROTOCOLS = {
    "rtsp": "rtsp,rtp,srtp,udp,tcp",
    "rtsps": "rtsps,rtsp,rtp,srtp,udp,tcp,tls",
    "http": "http,https,tcp,tls,crypto",
    "https": "https,tcp,tls,crypto",
}
"""What FFmpeg may open on the way (redirects, play lists): never a file, never a command."""


@dataclass(frozen=True, slots=True)
class RtspOptions:
    """How a network camera is connected."""

    tcp: bool = True
    """RTP inside the RTSP connection: passes firewalls, loses nothing. False: UDP."""
    timeout_s: float = 10.0
    """For connecting and learning what there is; for silence on the line of a recording."""
    silence_s: float = 4.0
    """A camera that sends nothing for so long is connected anew; longer by and by where it never sends more often."""
    reach_s: float = 2.0
    """A host that cannot be reached within this is not waited for: it is tried again soon."""
    listen: bool = False
    """Wait at the address for one publisher (an encoder that pushes) rather than connect to it. RTSP only."""
    hardware: Hardware | None = None
    """The device that decodes; None: the processor."""
    live: LiveOptions = field(default_factory=LiveOptions)


class RtspSource(LiveSource):
    """A camera by address. Connects again for ever, reports `camera:<name>`; secrets of the address are never shown."""

    def __init__(
        self,
        url: str,
        name: str,
        clock: Clock,
        on_health: Callable[[Health], None],
        options: RtspOptions | None = None,
    ) -> None:
        """Raises `SourceError` for an address that is malformed or of a scheme that is not allowed."""
        options = options or RtspOptions()
        self.url: StreamUrl = parse_url(url, STREAM_PORTS)
        super().__init__(name, f"camera:{name}", lambda: self._connect(options), clock, on_health, options.live)

    def _connect(self, options: RtspOptions) -> Opened:
        patience_s = min(MOST_SILENCE_S, options.silence_s * 2**self.silences)
        options = replace(options, silence_s=patience_s)
        if options.hardware is None:
            return _open(self.url, options)
        if trouble := self.device_failed or options.hardware.problem:
            return replace(_open(self.url, options), trouble=trouble)
        return _decoded_by(options.hardware, self.url, options)


def _reach(url: StreamUrl, reach_s: float) -> None:
    """Knock: FFmpeg would wait its whole time for a host that is gone."""
    try:
        socket.create_connection((url.host, url.port), reach_s).close()
    except TimeoutError:
        raise SourceError(f"{url.shown} cannot be reached within {reach_s:g} s") from None
    except OSError as error:
        raise SourceError(f"{url.shown} cannot be opened ({error.strerror or 'no such host'})") from None


def _decoded_by(hardware: Hardware, url: StreamUrl, options: RtspOptions) -> Opened:
    """Open with a device that decodes; without it where that cannot be."""
    settings = hardware.settings()
    if settings is None:
        return _open(url, options)
    try:
        opened = _open(url, options, settings)
    except _Refused as refused:  # by the camera, or by the device?
        return replace(_open(url, options), trouble=f"{hardware.name} failed ({refused.reason})")
    video = opened.container.streams.video
    if not video or video[0].codec_context is None:
        return opened
    context = video[0].codec_context
    if context.is_hwaccel:
        return replace(opened, device=hardware.name)
    return replace(opened, trouble=f"{hardware.name} does not decode {context.name}")


class _Refused(SourceError):
    """FFmpeg has not opened it."""

    def __init__(self, line: str, reason: str) -> None:
        super().__init__(line)
        self.reason = reason


def _open(url: StreamUrl, options: RtspOptions, hardware: HWAccel | None = None) -> Opened:
    silence_s = options.silence_s if url.scheme.startswith("rtsp") else options.timeout_s
    if not options.listen:
        _reach(url, options.reach_s)
    settings = {"protocol_whitelist": _PROTOCOLS[url.scheme], "max_pixels": str(MAX_PIXELS)}
    if url.scheme.startswith("rtsp"):
        settings["rtsp_transport"] = "tcp" if options.tcp else "udp"
        # The description says what there is; FFmpeg would watch for five seconds to find out by itself.
        settings["analyzeduration"] = str(ANALYSE_US)
        if options.listen:
            settings |= {"rtsp_flags": "listen", "listen_timeout": str(max(1, round(options.timeout_s)))}
    try:
        container = av.open(url.full, "r", options=settings, timeout=(options.timeout_s, silence_s), hwaccel=hardware)
    except av.error.ExitError:  # PyAV's own watch dog
        raise SourceError(f"{url.shown} does not answer within {options.timeout_s:.0f} s") from None
    except (av.FFmpegError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "malformed stream"
        raise _Refused(f"{url.shown} cannot be opened ({reason})", reason) from None
    if not container.streams.video and not container.streams.audio:
        container.close()
        raise SourceError(f"{url.shown} has neither picture nor sound")
    return Opened(container, _timing(url, container.format.name))


def _timing(url: StreamUrl, format_name: str) -> Timing:
    if url.scheme.startswith("rtsp"):
        return "stamped"
    # MJPEG over HTTP has no time stamps: FFmpeg makes them up from a frame rate that it assumes.
    return "arrival" if "jpeg" in format_name or "image2" in format_name else "paced"
