"""Speech synthesis with espeak-ng: its library, called in process. Hundreds of times faster than real time."""

from __future__ import annotations

import ctypes
import threading
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dialog.speech.synth import speakable
from streams.errors import ModelError

# From espeak-ng's speak_lib.h.
_SYNCHRONOUS = 2
_DONT_EXIT = 0x8000
_RATE, _VOLUME, _PITCH, _RANGE = 1, 2, 3, 4
_UTF8, _END_PAUSE = 1, 0x1000
_CHARACTERS = 1
_OK = 0
_SEED = 7
"""Of the noise in a voice. The library takes the time of day otherwise, and each process sounds a little different."""
_MAX_SAMPLES = 22_050 * 180
"""Three minutes: text within `synth.MAX_CHARS` never gets there; a runaway is stopped."""

_LOCK = threading.Lock()
"""The library holds its voice, its settings and its callback in process-wide variables: one synthesis at a time."""

_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


@dataclass(frozen=True, slots=True)
class EspeakOptions:
    """How it sounds."""

    voice: str = "en-us"
    """A language, optionally with a variant: `en-us`, `en-gb+f3`, `de`, `fr+m2`."""
    words_per_minute: int = 165
    """80 to 450."""
    pitch: int = 50
    """0 to 99."""
    pitch_range: int = 50
    """0 (monotonous) to 99."""
    volume: int = 100
    """0 to 200; 100 is full volume."""

    def __post_init__(self) -> None:
        for name, low, high in (("words_per_minute", 80, 450), ("pitch", 0, 99), ("pitch_range", 0, 99)):
            if not low <= getattr(self, name) <= high:
                raise ValueError(f"{name} must be between {low} and {high}, not {getattr(self, name)}")
        if not 0 <= self.volume <= 200:
            raise ValueError(f"volume must be between 0 and 200, not {self.volume}")


class _Voice(ctypes.Structure):
    """`espeak_VOICE` of speak_lib.h."""

    _fields_ = (
        ("name", ctypes.c_char_p),
        ("languages", ctypes.c_void_p),
        ("identifier", ctypes.c_char_p),
        ("gender", ctypes.c_ubyte),
        ("age", ctypes.c_ubyte),
        ("variant", ctypes.c_ubyte),
        ("xx1", ctypes.c_ubyte),
        ("score", ctypes.c_int),
        ("spare", ctypes.c_void_p),
    )


@dataclass(frozen=True, slots=True)
class _Engine:
    """The initialised library."""

    native: ctypes.CDLL
    rate_hz: int
    languages: dict[str, str]
    """Language (`en-gb`) to the library's own name of its voice (`gmw/en`)."""
    variants: frozenset[str]


class Espeak:
    """A voice of espeak-ng (`dialog.speech.synth.Synthesizer`). Thread-safe; objects with other voices may be used
    side by side. The same sentences in the same order sound the same to the bit, in every process; said in another
    order they differ by up to some milliseconds, since the library carries its phase along.

    Raises:
        ModelError: espeak-ng is missing, or does not know the voice.
    """

    def __init__(self, options: EspeakOptions | None = None) -> None:
        self.options = options or EspeakOptions()
        self._engine = _open()
        self._library, self.sample_rate_hz = self._engine.native, self._engine.rate_hz
        language, _, variant = self.options.voice.partition("+")
        name = self._engine.languages.get(language.casefold())
        if name is None or (variant and variant not in self._engine.variants):
            raise ModelError(
                f"espeak-ng knows no voice {self.options.voice!r}; give a language such as en-us, en-gb, de or fr, "
                "and if you like a variant: en-gb+f3, en-us+m3"
            )
        self._name = (f"{name}+{variant}" if variant else name).encode()
        with _LOCK:
            self._select()

    def say(self, text: str) -> tuple[NDArray[np.float32], int]:
        """See `Synthesizer.say`. The text is made `speakable` first; commands inside it are never obeyed."""
        clean = speakable(text)
        pieces: list[NDArray[np.int16]] = []
        if not clean:
            return np.zeros(0, np.float32), self.sample_rate_hz

        def take(samples: ctypes._Pointer[ctypes.c_short], count: int, _events: int | None) -> int:
            if samples and count > 0:
                pieces.append(np.ctypeslib.as_array(samples, (count,)).astype(np.int16))
            return int(sum(len(p) for p in pieces) > _MAX_SAMPLES)

        callback = _Callback(take)
        raw = clean.encode("utf-8")
        with _LOCK:
            self._select()
            self._library.espeak_ng_SetRandSeed(_SEED)
            self._library.espeak_SetSynthCallback(callback)
            status = self._library.espeak_Synth(raw, len(raw) + 1, 0, _CHARACTERS, 0, _UTF8 | _END_PAUSE, None, None)
        if status != _OK:
            raise ModelError(f"espeak-ng failed to speak (status {status})")
        sound = np.concatenate(pieces) if pieces else np.zeros(0, np.int16)
        return sound.astype(np.float32) / np.float32(32768), self.sample_rate_hz

    def _select(self) -> None:
        """Make this object's voice the library's. Needs the lock."""
        o = self.options
        if self._library.espeak_SetVoiceByName(self._name) != _OK:
            raise ModelError(
                f"espeak-ng cannot load its voice {o.voice!r}; install it anew: pip install espeakng-loader"
            )
        for parameter, value in ((_RATE, o.words_per_minute), (_PITCH, o.pitch), (_RANGE, o.pitch_range)):
            self._library.espeak_SetParameter(parameter, value, 0)
        self._library.espeak_SetParameter(_VOLUME, o.volume, 0)


@cache
def _open() -> _Engine:
    """The library, initialised once in a process (it cannot be twice)."""
    try:
        import espeakng_loader

        library_path, data = Path(espeakng_loader.get_library_path()), Path(espeakng_loader.get_data_path())
        library = ctypes.CDLL(str(library_path))
    except (ImportError, OSError) as error:
        raise ModelError(f"espeak-ng is missing ({error}); install it with: pip install espeakng-loader") from error
    _declare(library)
    with _LOCK:
        rate_hz = library.espeak_Initialize(_SYNCHRONOUS, 200, str(data.parent).encode(), _DONT_EXIT)
        if rate_hz <= 0:
            raise ModelError(f"espeak-ng cannot read its data in {data}; install it anew: pip install espeakng-loader")
        languages = _languages(library)
    variants = frozenset(path.name for path in (data / "voices" / "!v").iterdir())
    return _Engine(library, int(rate_hz), languages, variants)


def _declare(library: ctypes.CDLL) -> None:
    """Argument and result types of the functions used."""
    c_int, c_uint, text, pointer = ctypes.c_int, ctypes.c_uint, ctypes.c_char_p, ctypes.c_void_p
    library.espeak_Initialize.argtypes = [c_int, c_int, text, c_int]
    library.espeak_ListVoices.argtypes = [pointer]
    library.espeak_ListVoices.restype = ctypes.POINTER(ctypes.POINTER(_Voice))
    library.espeak_SetVoiceByName.argtypes = [text]
    library.espeak_SetSynthCallback.argtypes = [_Callback]
    library.espeak_SetSynthCallback.restype = None
    library.espeak_ng_SetRandSeed.argtypes = [ctypes.c_long]
    library.espeak_SetParameter.argtypes = [c_int, c_int, c_int]
    library.espeak_Synth.argtypes = [text, ctypes.c_size_t, c_uint, c_int, c_uint, c_uint, pointer, pointer]


def _languages(library: ctypes.CDLL) -> dict[str, str]:
    """What every language's best voice is called. Each voice lists languages as a priority byte and a text."""
    best: dict[str, tuple[int, str]] = {}
    voices = library.espeak_ListVoices(None)
    index = 0
    while voices[index]:
        voice = voices[index].contents
        index += 1
        at = int(voice.languages or 0)
        while at and (priority := ctypes.string_at(at, 1)[0]):
            language = ctypes.string_at(at + 1)
            at += len(language) + 2
            name = (priority, (voice.identifier or b"").decode())
            key = language.decode().casefold()
            best[key] = min(best.get(key, name), name)
    return {language: name for language, (_, name) in best.items()}
