"""One WebRTC connection that somebody else opened: a call (both ways), or a publisher (towards heed only)."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.metadata import version
from types import TracebackType
from typing import Literal, Self

import numpy as np
from aiortc import RTCConfiguration, RTCIceServer, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamTrack
from aiortc.sdp import SessionDescription
from numpy.typing import NDArray

from streams.channel import Channel
from streams.clock import Clock
from streams.echo.canceller import EchoCanceller
from streams.echo.choose import open_canceller
from streams.echo.gate import OwnVoiceGate
from streams.errors import MediaError
from streams.sink import SpeechSink
from streams.sinks.playout import Playout
from streams.types import AudioChunk, Health, HealthState, VideoFrame, ns
from streams.webrtc.ciphers import accept_rsa
from streams.webrtc.forward import Forward
from streams.webrtc.gate import harden
from streams.webrtc.ice import IceServer
from streams.webrtc.lines import Lines
from streams.webrtc.liveness import Liveness
from streams.webrtc.network import offer_loopback_if_alone
from streams.webrtc.receive import AudioReceiver, VideoReceiver, watch_decoder
from streams.webrtc.reply import RATE_HZ, ReplyTrack
from streams.webrtc.sdp import SDP_ERRORS, Role, check_offer, unreadable, with_packetization
from streams.webrtc.tasks import leave
from streams.webrtc.voices import Voice, Voices

CHECK_NS = ns(0.5)
CHUNKS_PER_S = 50

HUNG_UP = "the other side hung up"
"""Why a peer ended that said goodbye: over HTTP, or by closing its connection. A tab that is closed does both at once,
and either may arrive first."""


@dataclass(frozen=True, slots=True)
class PeerOptions:
    """How a peer is treated."""

    ice_servers: tuple[IceServer, ...] = ()
    """STUN and TURN; none are needed on one machine or one network, and none are asked."""
    max_fps: float = 10.0
    """Pictures a second that are converted and handed on, at most."""
    max_size: tuple[int, int] = (1920, 1080)
    """Larger pictures are scaled down to fit."""
    audio_queue_s: float = 10.0
    """Seconds of sound that may wait for whoever hears it."""
    answer_timeout_s: float = 10.0
    connect_timeout_s: float = 20.0
    """From the answer to the first connection; after that the peer ends."""
    silence_s: float | None = 60.0
    """A publisher ends when it sent no media for this long; None: only when it is gone. A caller may just listen."""
    gone_s: float = 6.5
    """The peer ends when nothing at all came for this long: no media, no report on ours, no answer to a probe."""
    close_timeout_s: float = 5.0
    echo_cancellation: Literal["auto", "on", "off"] = "auto"
    """Take what the peer is made to hear out of what it sends; `auto`: if it says that it does not do so itself."""


class Peer:
    """An async context manager. `answer` the offer once; then read `audio`, `video`, `messages` and `health` until
    they end, say things through `speech`, send lines through `send`, and wait for `ended`.

    Errors: `answer` raises `MediaError`. A connection that fails later is none: the peer ends and `reason` says why.
    """

    def __init__(
        self,
        name: str,
        role: Role,
        clock: Clock,
        options: PeerOptions | None = None,
        *,
        room: str = "",
        speaker: str = "",
        echoes: bool = False,
    ) -> None:
        """
        Args:
            name: of the source that it is.
            role: what it may do.
            clock: stream time.
            options: how it is treated.
            room: the call it takes part in; its own, of its own name, by default.
            speaker: what people call whoever speaks there; empty when nobody said.
            echoes: it did not say that it has an echo cancellation of its own.
        """
        self.name, self.role = name, role
        self.room, self.speaker = room or name, speaker
        self.rank = ""
        """What whoever is connected may do, in the words of whoever let it in; its commands are judged by that."""
        self.options = options or PeerOptions()
        self.reason = ""
        """Why the peer ended; empty while it lasts."""
        self.audio: Channel[AudioChunk] = Channel(
            max(1, round(self.options.audio_queue_s * CHUNKS_PER_S)), "wait", f"{name} audio"
        )
        self.video: Channel[VideoFrame] = Channel(1, "latest", f"{name} video")
        self.health: Channel[Health] = Channel(16, "drop_oldest", f"{name} health")
        self.offers_audio = self.offers_video = self.offers_events = self.hears = False
        """What the offer has: known once `answer` returned. `hears`: it takes our speech."""
        wish = self.options.echo_cancellation
        self._cancels = wish == "on" or (wish == "auto" and echoes)
        self.echo: EchoCanceller = open_canceller(name, clock, self.health.offer) if self._cancels else OwnVoiceGate()
        """Takes the echo out of what `audio` yields, if that is wanted; else silences what is nothing but echo."""
        self.sends: dict[str, Forward] = {}
        """What others may watch: `audio`, `video`."""
        self._playout = Playout(RATE_HZ)
        self._voices = Voices()
        self._listeners: dict[str, Voice] = {}
        self._clock = clock
        self._lines = Lines(clock, name)
        self._group = asyncio.TaskGroup()
        self._tasks: list[asyncio.Task[None]] = []
        self._ended = asyncio.Event()
        self._connected = asyncio.Event()
        self._closing: asyncio.Lock = asyncio.Lock()
        self._closed = False
        self._receivers: list[AudioReceiver | VideoReceiver] = []
        self._executor = ThreadPoolExecutor(1, f"heed-webrtc-{name}")
        servers = [
            RTCIceServer(list(server.urls), server.username or None, server.credential or None)
            for server in self.options.ice_servers
        ]
        self._pc = RTCPeerConnection(RTCConfiguration(iceServers=servers))
        accept_rsa(self._pc)

    @property
    def speech(self) -> SpeechSink:
        """What the caller hears: queue sentences here. Safe to use before, and after, the connection."""
        return self._playout

    @property
    def messages(self) -> Channel[str]:
        """Raw text from the data channel `events`; untrusted, at most 64 KiB each and 20 a second."""
        return self._lines.messages

    @property
    def is_connected(self) -> bool:
        """Whether media flow."""
        return self._connected.is_set() and not self._ended.is_set()

    @property
    def component(self) -> str:
        """Its name in health events: `call:<name>`, `publish:<name>` or `watch:<name>`."""
        return f"{self.role}:{self.name}"

    @property
    def dropped(self) -> dict[str, int]:
        """What was lost so far: chunks of sound, pictures superseded, lines not sent, messages refused."""
        lost = sum(r.lost for r in self._receivers if isinstance(r, AudioReceiver))
        refused = self._lines.refused + self.messages.dropped
        return {"audio": lost, "video": self.video.dropped, "lines": self._lines.dropped, "messages": refused}

    def send(self, line: str) -> bool:
        """Queue one JSON line for the data channel. False: longer than 64 KiB, or the peer has ended."""
        return self._lines.send(line)

    def speak_to(self, other: Peer) -> None:
        """From now on `other` hears this peer's microphone, mixed with what the agent says."""
        self._listeners[other.name] = other._voices.add(self.name)

    def hush_to(self, other: Peer) -> None:
        """No longer."""
        self._listeners.pop(other.name, None)
        other._voices.remove(self.name)

    async def __aenter__(self) -> Self:
        await self._group.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            await self.close()
        finally:
            await leave(self._group, error)

    async def answer(self, offer: str) -> str:
        """The SDP answer to an SDP offer, with all candidates in it; media flow from now on. Once per peer.

        Raises:
            MediaError: the offer is malformed, too long, or has nothing that heed takes. Leave the context then.
        """
        parsed = check_offer(offer, self.role)
        self._pc.on("connectionstatechange", self._state_changed)
        try:
            async with asyncio.timeout(self.options.answer_timeout_s):
                self._prepare(parsed)
                await self._pc.setRemoteDescription(RTCSessionDescription(with_packetization(offer), "offer"))
                self._take_up(parsed)
                offer_loopback_if_alone(self._pc)
                await self._pc.setLocalDescription(await self._pc.createAnswer())
        except TimeoutError as error:
            raise MediaError("the SDP offer could not be answered in time: are its host names reachable?") from error
        except SDP_ERRORS as error:
            raise unreadable(error) from error
        self._spawn(self._lines.run())
        self._spawn(self._watch())
        self._agree()
        turn = any(url.startswith("turn") for server in self.options.ice_servers for url in server.urls)
        if turn and " typ relay" not in self._pc.localDescription.sdp:
            self._report("degraded", "the TURN server gives no relay: are its address, user name and password right?")
        return self._pc.localDescription.sdp

    async def connected(self) -> bool:
        """Wait until media can flow: True; or until the peer ended before that: False."""
        async with asyncio.TaskGroup() as group:
            waits = [group.create_task(self._connected.wait()), group.create_task(self._ended.wait())]
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            for wait in waits:
                wait.cancel()
        return self._connected.is_set()

    async def ended(self) -> str:
        """Wait for the end; returns `reason`."""
        await self._ended.wait()
        return self.reason

    async def close(self, reason: str = "closed by heed") -> None:
        """End the connection and every task of it. May be called again, and by anybody."""
        self._end(reason)
        async with self._closing:
            if self._closed:
                return
            self._closed = True
            try:
                async with asyncio.timeout(self.options.close_timeout_s):
                    for sender in self._pc.getSenders():  # first: an encoder must not run into a closing connection
                        await sender.stop()
                    await self._pc.close()
            except TimeoutError:
                self._report("degraded", f"the connection did not close within {self.options.close_timeout_s:g} s")
            except SDP_ERRORS as error:  # an offer got past the checks and left aiortc half built
                self._report("degraded", f"the connection did not close cleanly: {unreadable(error)}")
            finally:
                for task in self._tasks:
                    task.cancel()
                self._executor.shutdown(wait=True, cancel_futures=True)
                self.health.close()

    def _prepare(self, parsed: SessionDescription) -> None:
        """Before the offer is taken up."""
        self._pc.on("track", self._track)
        self._pc.on("datachannel", self._lines.attach)

    def _take_up(self, parsed: SessionDescription) -> None:
        sections = {m.kind: m.direction for m in parsed.media}
        self.offers_audio = sections.get("audio") in ("sendrecv", "sendonly")
        self.offers_video = sections.get("video") in ("sendrecv", "sendonly")
        self.offers_events = "application" in sections
        self.hears = self.role == "call" and sections.get("audio") in ("sendrecv", "recvonly")
        if self.hears:
            self._pc.addTrack(ReplyTrack(self._playout, self._voices, self._played))

    def _played(self, samples: NDArray[np.float32]) -> None:
        self.echo.reference(self._clock.now_ns(), samples, RATE_HZ)

    def _agree(self) -> None:
        """What was agreed on is what comes, until something else does."""
        for section in SessionDescription.parse(self._pc.localDescription.sdp).media:
            forward = self.sends.get(section.kind)
            if forward is not None and forward.codec is None and section.rtp.codecs:
                forward.codec = section.rtp.codecs[0]

    def _track(self, track: MediaStreamTrack) -> None:
        """aiortc made a receiver for something that the caller sends; its media start later."""
        receiver = next(t.receiver for t in self._pc.getTransceivers() if t.receiver.track is track)
        forward = self.sends[track.kind] = Forward(track.kind)
        if missing := harden(receiver, track.kind, lambda line: self._report("degraded", line), forward.put):
            lost = ", ".join(name.rpartition("__")[2] for name in missing)
            self._report("degraded", f"aiortc {version('aiortc')} has no {lost}; sound comes later, use aiortc 1.16")
        taken: AudioReceiver | VideoReceiver
        if track.kind == "audio":
            taken = audio = AudioReceiver(self.name, self._clock, self.audio, self._report, self._listeners)
            self._spawn(audio.run(track))
            self._spawn(audio.watch_idle())
        else:
            options = self.options
            video = VideoReceiver(self.name, self._clock, self.video, self._report, options.max_fps, options.max_size)
            taken = video
            self._spawn(video.run(track))
            self._spawn(video.convert(self._executor))
        self._receivers.append(taken)
        counts = (lambda: forward.passed), (lambda: taken.received)
        self._spawn(watch_decoder(track.kind, *counts, self._clock, self._report))

    def _state_changed(self) -> None:
        state = self._pc.connectionState
        if state == "connected" and not self._connected.is_set():
            self._connected.set()
            self._report("ok", "connected")
        elif state == "failed":
            self._end("the connection failed" if self._connected.is_set() else "no way to the other side was found")
        elif state == "closed":
            self._end(HUNG_UP)

    async def _watch(self) -> None:
        """End a peer that never connects, that has vanished, or that has gone quiet."""
        start_ns = then_ns = self._clock.now_ns()
        liveness, arrived, quiet_ns = Liveness(self._pc), 0, 0
        while not self._ended.is_set():
            now_ns = self._clock.now_ns()
            if not self._connected.is_set():
                if now_ns - start_ns > ns(self.options.connect_timeout_s):
                    self._end(f"no connection within {self.options.connect_timeout_s:g} s: is UDP blocked?")
            elif liveness.works:
                # A stalled machine proves nothing: what came meanwhile is still unread, so it counts as one look.
                quiet_ns = 0 if liveness.arrived > arrived else quiet_ns + min(now_ns - then_ns, 2 * CHECK_NS)
                if quiet_ns > ns(self.options.gone_s):
                    self._end(f"the connection is lost: nothing came for {self.options.gone_s:g} s")
            self._check_silence(start_ns, now_ns)
            arrived, then_ns = liveness.arrived, now_ns
            if quiet_ns > CHECK_NS:
                await liveness.probe()
            await self._clock.sleep_until(now_ns + CHECK_NS)

    def _check_silence(self, start_ns: int, now_ns: int) -> None:
        silence_s = self.options.silence_s
        if silence_s is not None and self.role == "publish" and self._receivers:
            last_ns = max(start_ns, *(r.last_ns for r in self._receivers))
            if now_ns - last_ns > ns(silence_s):
                self._end(f"neither sound nor picture came for {silence_s:g} s")

    def _end(self, reason: str) -> None:
        if not self._ended.is_set():
            self.reason = reason
            self._report("failed" if reason.startswith(("no ", "the connection", "neither")) else "ok", reason)
            self._ended.set()
            self.audio.close()
            self.video.close()
            self._lines.close()
            for forward in self.sends.values():
                forward.close()

    def _report(self, state: HealthState, reason: str) -> None:
        self.health.offer(Health(self.component, state, reason, self._clock.now_ns()))

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        self._tasks.append(self._group.create_task(work))
