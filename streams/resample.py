"""Sample rate conversion of a stream: a windowed-sinc polyphase filter that does not care how its input was cut."""

from __future__ import annotations

from math import gcd

import numpy as np
from numpy.typing import NDArray

from streams.errors import MediaError
from streams.types import SAMPLE_RATE_HZ

MIN_RATE_HZ = 1_000
MAX_RATE_HZ = 768_000

_ZERO_CROSSINGS = 24
"""Of the sinc on each side; with `_KAISER_BETA` some 80 dB of stop band from the lower Nyquist frequency on."""
_CUT_OFF = 0.9
"""As a fraction of the lower of both Nyquist frequencies."""
_KAISER_BETA = 8.0
_MAX_TABLE = 2**20
"""Numbers in a filter: 4 MB, kept for each sender, and a tenth of a second to build. Usual rates need a thirtieth."""
_BLOCK = 4096
"""Output samples computed at once, so that a long input needs no long temporary."""


class Resampler:
    """Converts `rate_in_hz` to `rate_out_hz` and mixes `channels` to mono, deterministically.

    Output sample `j` depends on input around time `j / rate_out_hz` alone, with the same arithmetic in the same
    order, so any cutting of the input gives the same output to the bit. Time is kept: output sample 0 is at the
    time of input sample 0, and after `flush` there are `ceil(n * rate_out_hz / rate_in_hz)` samples for `n` of
    input. Output lags the input by the half filter (1.7 ms at 16 kHz to 16 kHz or higher).

    Method: polyphase interpolation with a Kaiser-windowed sinc (Smith, "Digital Audio Resampling", CCRMA).
    Raises `ValueError` for rates outside `MIN_RATE_HZ`..`MAX_RATE_HZ`, for a pair of rates with so little in common
    that its filter would be huge, and for fewer than one channel.
    """

    def __init__(self, rate_in_hz: int, rate_out_hz: int, channels: int = 1) -> None:
        for rate in (rate_in_hz, rate_out_hz):
            if not MIN_RATE_HZ <= rate <= MAX_RATE_HZ:
                raise ValueError(f"a sample rate of {rate} Hz is outside {MIN_RATE_HZ} to {MAX_RATE_HZ} Hz")
        if channels < 1:
            raise ValueError("sound needs at least one channel")
        self.rate_in_hz = rate_in_hz
        self.rate_out_hz = rate_out_hz
        self.channels = channels
        common = gcd(rate_in_hz, rate_out_hz)
        self._up, self._down = rate_out_hz // common, rate_in_hz // common
        cut = _CUT_OFF * min(1.0, self._up / self._down)
        self._half = 0 if rate_in_hz == rate_out_hz else int(np.ceil(_ZERO_CROSSINGS / cut))
        if self._up * 2 * self._half > _MAX_TABLE:
            raise ValueError(
                f"{rate_in_hz} Hz cannot be brought to {rate_out_hz} Hz: they have too little in common; "
                "use a usual rate, such as 8000, 16000, 44100 or 48000 Hz"
            )
        self._filter = _polyphase(self._up, self._half, cut) if self._half else None
        self._start()

    def _start(self) -> None:
        # The buffer begins `half - 1` samples before input sample 0: silence before the stream.
        self._buffer = np.zeros(max(0, self._half - 1), np.float32)
        self._buffer_from = -max(0, self._half - 1)
        self._taken = 0
        self._given = 0

    def process(self, samples: NDArray[np.floating]) -> NDArray[np.float32]:
        """`[n]` or `[n, channels]`, -1..1, to the `[m]` mono samples that are complete by now (m may be 0)."""
        mono = self._mono(samples)
        self._taken += len(mono)
        if self._filter is None:
            self._given += len(mono)
            return mono
        self._buffer = np.concatenate([self._buffer, mono])
        # Output j reads input up to floor(j * down / up) + half.
        last = self._taken - 1 - self._half
        return self._produce((last * self._up + self._up - 1) // self._down + 1 if last >= 0 else 0)

    def flush(self) -> NDArray[np.float32]:
        """The stream ended: the rest `[m]`, as if silence followed. The resampler then starts anew."""
        total = -(-self._taken * self._up // self._down)
        rest = np.zeros(0, np.float32)
        if self._filter is not None:
            self._buffer = np.concatenate([self._buffer, np.zeros(self._half + 1, np.float32)])
            rest = self._produce(total)
        self._start()
        return rest

    def _mono(self, samples: NDArray[np.floating]) -> NDArray[np.float32]:
        if samples.ndim == 1 and self.channels == 1:
            return samples.astype(np.float32)
        if samples.ndim != 2 or samples.shape[1] != self.channels:
            raise ValueError(f"sound of shape {samples.shape} where [n, {self.channels}] was announced")
        mixed = samples[:, 0].astype(np.float32)
        for channel in range(1, self.channels):
            mixed += samples[:, channel]
        return mixed / np.float32(self.channels)

    def _produce(self, until: int) -> NDArray[np.float32]:
        """Output samples from the last one given up to `until`, and forget the input that no later one needs."""
        if self._filter is None or until <= self._given:
            return np.zeros(0, np.float32)
        out = np.empty(until - self._given, np.float32)
        windows = np.lib.stride_tricks.sliding_window_view(self._buffer, self._filter.shape[1])
        for begin in range(0, len(out), _BLOCK):
            j = np.arange(begin, min(begin + _BLOCK, len(out)), dtype=np.int64) + self._given
            position, phase = np.divmod(j * self._down, self._up)
            rows = windows[position - (self._half - 1) - self._buffer_from]
            # Row by row, never through BLAS: a matrix product may round differently for other batch sizes.
            out[begin : begin + len(j)] = (rows * self._filter[phase]).sum(axis=1)
        self._given = until
        keep_from = until * self._down // self._up - (self._half - 1)
        drop = min(max(0, keep_from - self._buffer_from), len(self._buffer))
        self._buffer = self._buffer[drop:].copy()
        self._buffer_from += drop
        return out


def resample(samples: NDArray[np.floating], rate_in_hz: int, rate_out_hz: int) -> NDArray[np.float32]:
    """A whole recording at once: `[n]` or `[n, channels]` to mono `[ceil(n * rate_out_hz / rate_in_hz)]`."""
    resampler = Resampler(rate_in_hz, rate_out_hz, 1 if samples.ndim == 1 else samples.shape[1])
    return np.concatenate([resampler.process(samples), resampler.flush()])


def to_agent_rate(rate_in_hz: int, channels: int, what: str) -> Resampler:
    """A resampler to `SAMPLE_RATE_HZ` for decoded sound, whose rate anybody may have chosen.

    Raises:
        MediaError: one line that names `what`: it cannot be.
    """
    try:
        return Resampler(rate_in_hz, SAMPLE_RATE_HZ, channels)
    except ValueError as error:
        raise MediaError(f"the sound of {what} cannot be used: {error}") from None


def _polyphase(up: int, half: int, cut: float) -> NDArray[np.float32]:
    """`[up, 2 * half]`: row `p` interpolates at `p / up` input samples after the middle; each row sums to 1."""
    taps = np.arange(1 - half, half + 1, dtype=np.float64)
    distance = taps[None, :] - np.arange(up, dtype=np.float64)[:, None] / up
    window = np.i0(_KAISER_BETA * np.sqrt(np.clip(1 - (distance / half) ** 2, 0, None)))
    rows = np.sinc(cut * distance) * window
    return (rows / rows.sum(axis=1, keepdims=True)).astype(np.float32)
