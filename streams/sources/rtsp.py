"""Network cameras: RTSP, and video over HTTP (MJPEG, MP4, HLS)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import av

from streams.clock import Clock
from streams.errors import SourceError
from streams.sources.live import LiveOptions, LiveSource, Opened, Timing
from streams.sources.photo import MAX_PIXELS
from streams.sources.urls import StreamUrl, parse_url
from streams.types import Health

PORTS = {"rtsp": 554, "rtsps": 322, "http": 80, "https": 443}
"""The schemes that are allowed, with their default ports."""

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
    """For connecting, and for silence on the line."""
    listen: bool = False
    """Wait at the address for one publisher (an encoder that pushes) rather than connect to it. RTSP only."""
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
        self.url: StreamUrl = parse_url(url, PORTS)
        super().__init__(name, f"camera:{name}", lambda: _open(self.url, options), clock, on_health, options.live)


def _open(url: StreamUrl, options: RtspOptions) -> Opened:
    settings = {"protocol_whitelist": _PROTOCOLS[url.scheme], "max_pixels": str(MAX_PIXELS)}
    if url.scheme.startswith("rtsp"):
        settings["rtsp_transport"] = "tcp" if options.tcp else "udp"
        if options.listen:
            settings |= {"rtsp_flags": "listen", "listen_timeout": str(max(1, round(options.timeout_s)))}
    try:
        container = av.open(url.full, "r", options=settings, timeout=(options.timeout_s, options.timeout_s))
    except av.error.ExitError:  # PyAV's own watch dog
        raise SourceError(f"{url.shown} does not answer within {options.timeout_s:.0f} s") from None
    except (av.FFmpegError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "malformed stream"
        raise SourceError(f"{url.shown} cannot be opened ({reason})") from None
    if not container.streams.video and not container.streams.audio:
        container.close()
        raise SourceError(f"{url.shown} has neither picture nor sound")
    return Opened(container, _timing(url, container.format.name))


def _timing(url: StreamUrl, format_name: str) -> Timing:
    if url.scheme.startswith("rtsp"):
        return "stamped"
    # MJPEG over HTTP has no time stamps: FFmpeg makes them up from a frame rate that it assumes.
    return "arrival" if "jpeg" in format_name or "image2" in format_name else "paced"
