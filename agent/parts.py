"""Loads the models that a configuration names, and says in one line each what was picked and why."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.config import Config, cache_folder
from agent.late import LateMind
from agent.models.store import ModelStore
from dialog.mind import Mind
from streams.encoder import Encoder
from streams.errors import ModelError
from streams.types import AudioChunk, VideoFrame

if TYPE_CHECKING:
    from dialog.model.fusion import Fusion
    from dialog.speech.synth import Synthesizer
    from streams.encoders.hearing.stt import SpeechToText
    from streams.encoders.hearing.turn_end import EndOfTurn

Say = Callable[[str], None]
GPU_SPEECH = "whisper:large-v3-turbo"
RECALL_TOKENS = 512
"""State tokens for moments of earlier days, see `agent.archive.recall`."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The models of one agent, shared by all its streams and conversations."""

    mind: Mind
    hearing: Encoder[Any, AudioChunk]
    activity: Encoder[Any, AudioChunk]
    """Voice activity alone."""
    vision: Encoder[Any, VideoFrame]
    voice: Synthesizer | None
    languages: dict[str, str] = field(default_factory=dict)
    """What is spoken at a source, by its name, where that is known; looked up by `hearing` when a stream begins."""


def load_parts(config: Config, say: Say, live: bool = False, late: bool = False) -> Parts:
    """Load everything. Blocking; takes some seconds.

    Args:
        config: which.
        say: told in one line each what was picked.
        live: for an agent beside which others want the processor, too.
        late: the mind is a `LateMind` that is still to be loaded, and is warm then.

    Raises:
        ModelError: something is missing; names the command that mends it.
    """
    threads = limit_threads(config)
    if live:
        limit_small(config)

    def warm() -> Fusion:
        mind = load_mind(config, None, say, threads)
        warm_mind(mind)
        return mind

    mind: Mind = LateMind(warm) if late else load_mind(config, None, say, threads)
    languages: dict[str, str] = {}
    hearing = load_hearing(config, say, languages)
    vision = load_vision(config, say)
    return Parts(mind, hearing, load_activity(), vision, load_voice(config, say), languages)


def warm_mind(mind: Mind) -> None:
    """Let it compute once, so that the first question of a live agent is answered as fast as the others. Blocking."""
    thought = mind.ask("Hello?", (), "0:00", 0, 4)
    while thought.step() is not None:
        pass
    mind.finished("Hello?")


def warm_voice(parts: Parts) -> None:
    """The same for speech synthesis, where there is one."""
    if parts.voice is not None:
        parts.voice.say("Hello.")


def limit_threads(config: Config, processes: int = 1) -> int:
    """Fix the number of processor threads for torch and OpenCV, where so many processes share the cores; returns it."""
    import cv2

    from dialog.model.machine import set_threads

    threads = config.agent.threads or max(1, min(8, (os.cpu_count() or 1) // processes))
    set_threads(threads)
    cv2.setNumThreads(1)  # pictures are small: its thread pool costs more than it gains
    return threads


def limit_small(config: Config) -> None:
    """One thread for torch, where the models are small and the configuration names no other number: percepts are taken
    in and pictures are named one at a time. Generating text keeps its threads."""
    from dialog.model.load import read_width
    from dialog.model.machine import has_gpu, is_small, set_threads

    folder = ModelStore(cache_folder()).resolve(config.models.language)
    if not config.agent.threads and not has_gpu() and folder.is_dir() and is_small(read_width(folder)):
        set_threads(1)


def load_mind(config: Config, fusion: str | None, say: Say, threads: int = 0) -> Fusion:
    """The language model with its memory: a `Mind` that can be forked. `threads`: of generating text; 0 is as many as
    torch uses."""
    from dialog.model.fusion import load_fusion

    store, models = ModelStore(cache_folder()), config.models
    folder = store.resolve(models.language)
    kind = fusion or models.fusion
    adapter = Path(models.adapter) if models.adapter else _own_adapter(models.language)
    if kind == "auto":
        kind = "cross_attention" if adapter is not None else "prompt"
        why = f"adapter {adapter.name}" if adapter is not None else "no adapter for it: heed train makes one"
        say(f"language: {models.language}, {kind} ({why})")
    if kind == "cross_attention" and adapter is None:
        raise ModelError(f'no adapter for {models.language}: run `heed train`, or set models.fusion = "prompt"')
    # What is brought back out of the archive takes no room from what is perceived now.
    tokens = config.state.tokens + (RECALL_TOKENS if config.archive.enabled else 0)
    return load_fusion(kind, folder, adapter, tokens, config.agent.device, threads=threads)


def load_hearing(config: Config, say: Say, languages: dict[str, str] | None = None) -> Encoder[Any, AudioChunk]:
    """Voice activity, speech to text and sound. `languages` gets what is spoken at the configured sources; what is
    written into it later holds for streams that begin later."""
    from streams.encoders.hearing.encoder import HearingEncoder
    from streams.encoders.hearing.segmenter import SegmenterOptions
    from streams.encoders.hearing.speech import SpeechOptions
    from streams.encoders.hearing.vad import SileroVad

    hearing = config.hearing
    options = SpeechOptions(
        segmenter=SegmenterOptions(end_silence_s=hearing.end_silence_s, max_utterance_s=hearing.max_utterance_s),
        partials=hearing.partial_s > 0,
        partial_step_s=hearing.partial_s or 1.0,
    )
    languages = {} if languages is None else languages
    languages.update({source.name: source.language for source in config.sources if source.language})
    engine, ends = _speech_to_text(config, say), _end_of_turn(config, say)
    return HearingEncoder(SileroVad(), engine, options, ends=ends, languages=languages)


def load_activity() -> Encoder[Any, AudioChunk]:
    """Voice activity alone."""
    from streams.encoders.hearing.activity import ActivityEncoder
    from streams.encoders.hearing.vad import SileroVad

    return ActivityEncoder(SileroVad())


def _end_of_turn(config: Config, say: Say) -> EndOfTurn | None:
    from streams.encoders.hearing.turn_end import SmartTurn

    name = config.models.turns
    say(f"turns: {name or 'by words alone (models.turns is empty)'}")
    return SmartTurn(ModelStore(cache_folder()).path(name)) if name else None


def _speech_to_text(config: Config, say: Say) -> SpeechToText:
    from dialog.model.machine import has_gpu
    from streams.encoders.hearing.moonshine import Moonshine
    from streams.encoders.hearing.whisper import FasterWhisper

    store, spec = ModelStore(cache_folder()), config.models.speech
    gpu = has_gpu() and config.agent.device != "cpu"
    if spec == "auto":
        spec = GPU_SPEECH if gpu and _is_here(store, GPU_SPEECH) else "moonshine-tiny-en"
        better = f"; `heed models pull {GPU_SPEECH}` hears better" if gpu and spec != GPU_SPEECH else ""
        say(f"speech: {spec} ({'GPU' if gpu else 'no GPU'}{better})")
    if spec.startswith("whisper:"):
        return FasterWhisper(str(store.resolve(spec)), device=config.agent.device)
    return Moonshine(store.path(spec))


def _is_here(store: ModelStore, spec: str) -> bool:
    try:
        store.resolve(spec)
    except ModelError:
        return False
    return True


def load_vision(config: Config, say: Say) -> Encoder[Any, VideoFrame]:
    """Everything that looks at pictures."""
    from streams.encoders.vision.encoder import VisionEncoder, VisionOptions

    vision, name = config.vision, config.models.pictures
    folder = ModelStore(cache_folder()).path(name) if name else None
    say(f"pictures: {name or 'nothing is named (models.pictures is empty)'}")
    return VisionEncoder.load(VisionOptions(max_fps=vision.max_fps, signs=vision.signs, faces=vision.faces), folder)


def load_voice(config: Config, say: Say) -> Synthesizer | None:
    """Speech synthesis; None when the configuration wants none."""
    if not config.dialog.voice:
        return None
    from dialog.speech.espeak import Espeak, EspeakOptions

    say(f"voice: espeak-ng {config.dialog.voice}")
    return Espeak(EspeakOptions(config.dialog.voice, config.dialog.voice_words_per_minute))


def _own_adapter(language: str) -> Path | None:
    """The adapter that ships with heed for this model, if there is one."""
    path = Path(str(files("dialog.model"))) / "adapters" / f"{language}.safetensors"
    return path if path.is_file() else None
