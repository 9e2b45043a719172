"""What is made of the pictures of one fixed camera: what any camera's encoder says, its zones, and its mounting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from streams.area import Area
from streams.encoder import Encoder
from streams.encoders.vision.mount import Mount, MountState
from streams.types import Observation, VideoFrame


@dataclass(slots=True)
class CameraState:
    """Of one stream."""

    inner: Any
    mount: MountState


class FixedCamera:
    """An `Encoder` around another one, which is shared by all cameras."""

    def __init__(self, inner: Encoder[Any, VideoFrame], area: Area, mounted: bool = True) -> None:
        """
        Args:
            inner: says what is seen.
            area: its zones; masks are the source's business, since nobody is to see what they hide.
            mounted: it is fixed: say when it is blurred or turned away.
        """
        self._inner, self._area, self._mounted = inner, area, mounted
        self._mount = Mount()

    def init_state(self, source: str) -> CameraState:
        """See `Encoder`."""
        return CameraState(self._inner.init_state(source), self._mount.init_state(source))

    def step(self, state: CameraState, media: VideoFrame) -> list[Observation]:
        """See `Encoder`."""
        seen = self._area.told(self._inner.step(state.inner, media))
        return [*seen, *self._mount.step(state.mount, media)] if self._mounted else seen

    def flush(self, state: CameraState) -> list[Observation]:
        """See `Encoder`."""
        return self._area.told(self._inner.flush(state.inner))
