"""Looks at an SDP offer from outside before aiortc builds sockets, threads and decoders for it."""

from __future__ import annotations

import re
from typing import Literal

from aiortc.exceptions import InternalError, InvalidAccessError, InvalidStateError, OperationError
from aiortc.sdp import MediaDescription, SessionDescription

from streams.errors import MediaError

Role = Literal["call", "publish", "watch"]
"""A call goes both ways; a publisher sends only; a watcher gets what another peer sends."""

MAX_SDP_BYTES = 64 * 1024
MAX_CANDIDATES = 64
SENDING = ("sendrecv", "sendonly")
RECEIVING = ("sendrecv", "recvonly")

SDP_ERRORS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    StopIteration,
    TypeError,
    ValueError,
    RuntimeError,
    InternalError,
    InvalidAccessError,
    InvalidStateError,
    OperationError,
)
"""What aiortc raises on an SDP that is broken or lies: its parser checks little and trips over the rest."""

CODECS = {"audio": "Opus, PCMU, PCMA or G.722", "video": "VP8, or H.264 baseline with packetization-mode=1"}
_NO_CODEC = re.compile(r"set remote (audio|video) description send parameters")
_H264 = re.compile(r"a=rtpmap:(\d+) +H264/90000", re.IGNORECASE)
_PARAMETERS = re.compile(r"a=fmtp:(\d+) ")


def check_offer(offer: str, role: Role) -> SessionDescription:
    """The parsed offer, if it is one that a peer of that role can answer.

    A call sends or receives at most one audio, one video and one data section; a publisher sends
    at least one medium, a watcher receives one.

    Raises:
        MediaError: one clear line saying what is wrong.
    """
    if len(offer.encode("utf-8", "replace")) > MAX_SDP_BYTES:
        raise MediaError(f"the SDP offer is longer than {MAX_SDP_BYTES} bytes")
    if not offer.lstrip().startswith("v=0"):
        raise MediaError("the body is not an SDP offer: it must begin with 'v=0'")
    try:
        parsed = SessionDescription.parse(offer)
    except SDP_ERRORS as error:
        raise unreadable(error) from error
    if not parsed.media:
        raise MediaError("the SDP offer has no media section (m=): offer audio, video or a data channel")
    _check_sections(parsed.media)
    mids = {m.rtp.muxId for m in parsed.media}
    for group in parsed.group:
        if group.semantic == "BUNDLE" and not mids.issuperset(group.items):
            raise MediaError("the SDP offer bundles a media section that it does not have (a=group:BUNDLE)")
    sending = [m for m in parsed.media if m.kind in ("audio", "video") and m.direction in SENDING]
    if role == "publish" and not sending:
        raise MediaError("the SDP offer publishes nothing: at least one audio or video section must be sendonly")
    if role == "watch" and not any(m.kind in ("audio", "video") and m.direction in RECEIVING for m in parsed.media):
        raise MediaError("the SDP offer watches nothing: at least one audio or video section must be recvonly")
    return parsed


def with_packetization(offer: str) -> str:
    """The offer, with `packetization-mode=1` where an H.264 codec names no mode.

    That means mode 0 (RFC 6184, section 8.1): a picture's units, each whole. aiortc agrees on mode 1 alone, which is
    those and others besides, so whoever takes it takes both. GStreamer's webrtcbin names none when it makes its offer
    before the encoder has told its parameters.
    """
    lines = offer.splitlines(keepends=True)
    end = "\r\n" if offer.endswith("\r\n") else "\n"
    known = {found[1]: at for at, line in enumerate(lines) if (found := _PARAMETERS.match(line))}
    for at, line in enumerate(lines):
        if not (found := _H264.match(line)):
            continue
        if (there := known.get(found[1])) is None:
            lines[at] = f"{line.rstrip()}{end}a=fmtp:{found[1]} packetization-mode=1{end}"
        elif "packetization-mode" not in lines[there]:
            lines[there] = f"{lines[there].rstrip()};packetization-mode=1{end}"
    return "".join(lines)


def unreadable(error: BaseException) -> MediaError:
    """One line for whatever aiortc tripped over."""
    if isinstance(error, OperationError) and (found := _NO_CODEC.search(str(error))):
        return MediaError(f"the SDP offer's {found[1]} section has no codec that heed takes: {CODECS[found[1]]}")
    detail = " ".join(str(error).split())[:160]
    return MediaError(f"the SDP offer cannot be read ({type(error).__name__}{': ' if detail else ''}{detail})")


def _check_sections(media: list[MediaDescription]) -> None:
    kinds = [m.kind for m in media]
    for kind in kinds:
        if kind not in ("audio", "video", "application"):
            raise MediaError(f"the SDP offer has an unknown media section 'm={kind[:40]}'")
        if kinds.count(kind) > 1:
            raise MediaError(f"the SDP offer has {kinds.count(kind)} {kind} sections; at most 1 is taken")
    mids = [m.rtp.muxId for m in media]
    if len(set(mids)) != len(mids) or not all(mids):
        raise MediaError("the SDP offer's media sections need a 'a=mid' each, all different")
    for section in media:
        if section.dtls is None or not section.dtls.fingerprints:
            raise MediaError(f"the SDP offer's {section.kind} section has no DTLS fingerprint and setup role")
        if section.ice is None or not section.ice.usernameFragment or not section.ice.password:
            raise MediaError(f"the SDP offer's {section.kind} section has no ICE user name and password")
        if len(section.ice_candidates) > MAX_CANDIDATES:
            raise MediaError(f"the SDP offer has more than {MAX_CANDIDATES} ICE candidates in one section")
        if section.kind != "application" and section.direction is None:
            raise MediaError(f"the SDP offer's {section.kind} section has no direction such as 'a=sendrecv'")
