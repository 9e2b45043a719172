"""The eyes: everything that heed makes of one camera's pictures, behind one change gate."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from streams import wording
from streams.encoders.vision.classify import Classifier
from streams.encoders.vision.faces import Faces, FacesState
from streams.encoders.vision.frame import Picture
from streams.encoders.vision.lens import Lens, LensState
from streams.encoders.vision.light import Light, LightState
from streams.encoders.vision.picture import ChangeGate, GateState
from streams.encoders.vision.reading import RapidReader
from streams.encoders.vision.scene import Scene, SceneState
from streams.encoders.vision.signs import Signs, SignsState
from streams.encoders.vision.tracks import TrackOptions, Tracks, TrackState
from streams.types import Observation, Percept, VideoFrame


@dataclass(frozen=True, slots=True)
class VisionOptions:
    """What is looked for, and how often."""

    max_fps: float = 10.0
    """Pictures looked at in a second of stream time, at most."""
    faces: bool = True
    signs: bool = True
    scene: bool = True
    tracks: bool = True
    covered_s: float = 1.0
    """The lens counts as covered after so many seconds without any structure."""
    frozen_s: float = 10.0
    """The picture counts as frozen after so many seconds without sensor noise."""
    threads: int = 1
    """Processor threads for reading text."""
    tracking: TrackOptions = field(default_factory=TrackOptions)


@dataclass(slots=True)
class VisionState:
    """The state of one stream: a part for each part of the encoder. Bounded, whatever comes."""

    source: str
    gate: GateState
    lens: LensState
    light: LightState
    tracks: TrackState | None
    scene: SceneState | None
    faces: FacesState | None
    signs: SignsState | None


@dataclass(frozen=True, slots=True)
class VisionParts:
    """What an encoder is made of; a part that is None is not looked for."""

    gate: ChangeGate
    lens: Lens
    light: Light
    tracks: Tracks | None = None
    scene: Scene | None = None
    faces: Faces | None = None
    signs: Signs | None = None


class VisionEncoder:
    """An `Encoder` over `VideoFrame`: frames `[H, W, 3]` of any size in, percepts out, as `VideoFrame.depth` says.

    One encoder serves many streams, one `VisionState` each. `step` runs from under a millisecond (a static picture)
    to about a second (text is read): it belongs on a worker thread.
    """

    def __init__(self, parts: VisionParts) -> None:
        """Compose the parts; `load` does it from options and model folders."""
        self._parts = parts

    @classmethod
    def load(cls, options: VisionOptions | None = None, classifier_folder: Path | None = None) -> VisionEncoder:
        """Load all models and compose an encoder.

        Args:
            options: what to look for; the defaults when None.
            classifier_folder: the folder of the default picture classifier (`heed models list`); without it there
                are no scene labels, and tracked things are told apart by the people detector alone.

        Raises:
            ModelError: a model is missing or damaged; the message says what mends it.
        """
        options = options or VisionOptions()
        classifier = None if classifier_folder is None else Classifier(classifier_folder)
        return cls(
            VisionParts(
                gate=ChangeGate(options.max_fps),
                lens=Lens(options.covered_s, options.frozen_s),
                light=Light(),
                tracks=Tracks(classifier, options.tracking) if options.tracks else None,
                scene=Scene(classifier) if options.scene and classifier is not None else None,
                faces=Faces() if options.faces else None,
                signs=Signs(RapidReader(options.threads)) if options.signs else None,
            )
        )

    def init_state(self, source: str) -> VisionState:
        """A fresh stream state for the camera of that name."""
        parts = self._parts
        return VisionState(
            source=source,
            gate=parts.gate.init_state(source),
            lens=parts.lens.init_state(source),
            light=parts.light.init_state(source),
            tracks=None if parts.tracks is None else parts.tracks.init_state(source),
            scene=None if parts.scene is None else parts.scene.init_state(source),
            faces=None if parts.faces is None else parts.faces.init_state(source),
            signs=None if parts.signs is None else parts.signs.init_state(source),
        )

    def step(self, state: VisionState, media: VideoFrame) -> list[Observation]:
        """Take in the next frame; what can be said now, in order of time."""
        picture = self._parts.gate.step(state.gate, media)
        if picture is None:
            return []
        out = self._whole(state, picture)
        parts = self._parts
        if parts.tracks is not None and state.tracks is not None:
            out += parts.tracks.step(state.tracks, picture, naming=media.depth != "motion")
        if parts.scene is not None and state.scene is not None and media.depth != "motion":
            out += parts.scene.step(state.scene, picture)
        if media.depth != "full":
            return _in_order(out)
        if parts.faces is not None and state.faces is not None:
            out += parts.faces.step(state.faces, picture)
        if parts.signs is not None and state.signs is not None:
            out += parts.signs.step(state.signs, picture)
        return _in_order(out)

    def flush(self, state: VisionState) -> list[Observation]:
        """The stream ended: what was still open (a photograph's faces and signs are said here)."""
        parts, out = self._parts, []
        if parts.tracks is not None and state.tracks is not None:
            out += parts.tracks.flush(state.tracks)
        if parts.faces is not None and state.faces is not None:
            out += parts.faces.flush(state.faces)
        if parts.signs is not None and state.signs is not None:
            out += parts.signs.flush(state.signs)
        return _in_order(out)

    def _whole(self, state: VisionState, picture: Picture) -> list[Percept]:
        """What happened to the picture as a whole."""
        out = []
        if picture.cut:
            t_ns = picture.t_ns
            out.append(Percept("", "scene", state.source, t_ns, t_ns, wording.scene_change(), 0.9))
        out += self._parts.lens.step(state.lens, picture)
        return out + self._parts.light.step(state.light, picture)


def _in_order(percepts: list[Percept]) -> list[Observation]:
    return [*sorted(percepts, key=lambda percept: percept.t1_ns)]
