"""Lets others watch what a peer sends: its encoded frames go on as they came, so that watching costs no encoding."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import av
from aiortc import RTCPeerConnection, RTCRtpSender
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack
from aiortc.rtcrtpparameters import RTCRtpCodecParameters
from aiortc.sdp import SessionDescription

from streams.channel import Channel
from streams.errors import ChannelClosed, MediaError
from streams.webrtc.gate import picture_size
from streams.webrtc.sdp import RECEIVING

QUEUE = {"audio": 50, "video": 60}
"""Encoded frames that may wait for a watcher: one second of sound, two of pictures."""
KEY_FRAME_EVERY = 90_000 // 2
"""Video clock ticks between two requests for a key frame, whatever watchers ask."""


class Forward:
    """One medium of a peer. Its `DecodeGate` puts in what came; `subscribe` a track for each watcher."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.codec: RTCRtpCodecParameters | None = None
        """What comes: as agreed at first, then as it came last."""
        self.passed = 0
        """Encoded frames so far."""
        self._asked = -KEY_FRAME_EVERY
        self._tracks: set[ForwardTrack] = set()

    def __len__(self) -> int:
        return len(self._tracks)

    def subscribe(self) -> ForwardTrack:
        """A track of what comes from now on (pictures: from the next key frame on).

        Raises:
            MediaError: nothing was agreed on yet.
        """
        if self.codec is None:
            raise MediaError(f"there is no {self.kind} to watch yet")
        track = ForwardTrack(self, self.codec.mimeType)
        self._tracks.add(track)
        return track

    def put(self, codec: RTCRtpCodecParameters, data: bytes, timestamp: int) -> bool:
        """Hand an encoded frame to every watcher, without waiting; returns whether a key frame should be asked for."""
        self.codec = codec
        self.passed += 1
        for track in self._tracks:
            track.offer(codec, data, timestamp)
        wanted = any(track.waits_for_key for track in self._tracks)
        if not wanted or abs(timestamp - self._asked) < KEY_FRAME_EVERY:
            return False
        self._asked = timestamp
        return True

    def drop(self, track: ForwardTrack) -> None:
        """The track was stopped."""
        self._tracks.discard(track)

    def close(self) -> None:
        """The peer has ended, and so do all tracks."""
        for track in tuple(self._tracks):
            track.stop()


class ForwardTrack(MediaStreamTrack):
    """What one watcher gets: packets, already encoded."""

    def __init__(self, source: Forward, mime_type: str) -> None:
        super().__init__()
        self.kind = source.kind
        self._mime_type = mime_type
        self.waits_for_key = source.kind == "video"
        """Pictures before a key frame, or after a lost one, are useless."""
        self._source = source
        self._queue: Channel[av.Packet] = Channel(QUEUE[self.kind], "wait", f"watched {self.kind}")

    async def recv(self) -> av.Packet:
        """The next packet.

        Raises:
            MediaStreamError: the peer that is watched has ended, or the track was stopped.
        """
        try:
            return await self._queue.get()
        except ChannelClosed:
            raise MediaStreamError from None

    def offer(self, codec: RTCRtpCodecParameters, data: bytes, timestamp: int) -> None:
        """Take a frame, unless the watcher is too slow, cannot begin with it, or awaits another codec."""
        if codec.mimeType != self._mime_type:
            return
        if self.waits_for_key:
            if picture_size(codec.name.upper(), data) is None:  # only what a decoder can begin at has a size
                return
            self.waits_for_key = False
        packet = av.Packet(data)
        packet.pts, packet.time_base = timestamp, Fraction(1, codec.clockRate)
        if not self._queue.offer(packet):
            self.waits_for_key = self.kind == "video"

    def restart(self) -> None:
        """The watcher lost its picture: nothing more until a key frame."""
        self.waits_for_key = self.kind == "video"

    def stop(self) -> None:
        """End the track."""
        super().stop()
        self._source.drop(self)
        self._queue.close()


def show(
    pc: RTCPeerConnection, offer: SessionDescription, name: str, sends: Mapping[str, Forward]
) -> list[ForwardTrack]:
    """Add what `name` sends to a watcher's connection, before its offer is set.

    Raises:
        MediaError: nothing of it can be shown, with one line saying why.
    """
    tracks: list[ForwardTrack] = []
    why = f"{name} sends neither sound nor pictures"
    for section in offer.media:
        forward = sends.get(section.kind)
        if forward is None or forward.codec is None or section.direction not in RECEIVING:
            continue
        codec = forward.codec
        if codec.mimeType.lower() not in (c.mimeType.lower() for c in section.rtp.codecs):
            why = f"{name} sends {codec.name}, which the SDP offer has not"
            continue
        known = RTCRtpSender.getCapabilities(section.kind).codecs
        same = [c for c in known if c.mimeType == codec.mimeType and c.parameters == codec.parameters]
        same = same or [c for c in known if c.mimeType == codec.mimeType]
        track = forward.subscribe()
        tracks.append(track)
        transceiver = pc.addTransceiver(track, "sendonly")
        transceiver.setCodecPreferences(same + [c for c in known if c.name.lower() == "rtx"])
        # aiortc tells its encoder alone that the other side lost the picture.
        setattr(transceiver.sender, "_send_keyframe", track.restart)  # noqa: B010 - a method of one object
    if not tracks:
        raise MediaError(why)
    return tracks
