"""One voice, several loudspeakers: what the agent says in a call with several people."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

from streams.sink import Speech, SpeechSink
from streams.sinks.playout import MAX_GENERATIONS


class FanOut:
    """Implements `streams.sink.SpeechSink` over sinks that come and go. Lives on the event loop.

    Time is that of the sink that is furthest; a sink that is not ready yet holds nobody up.
    """

    def __init__(self) -> None:
        self._sinks: dict[str, tuple[SpeechSink, Callable[[], bool]]] = {}
        self._stopped: int | None = None
        self._held = False
        self._played: OrderedDict[int, float] = OrderedDict()

    def __len__(self) -> int:
        return len(self._sinks)

    def add(self, name: str, sink: SpeechSink, ready: Callable[[], bool]) -> None:
        """From the next sentence on `sink` plays too.

        Args:
            name: any; takes the place of an older one of that name.
            sink: has played nothing yet.
            ready: whether it is being played; until then nobody waits for it.
        """
        if self._stopped is not None:
            sink.stop(self._stopped)
        if self._held:
            sink.hold()
        self._sinks[name] = sink, ready

    def remove(self, name: str) -> None:
        """The sink is gone; what it played stays counted."""
        for generation in self._played:
            self._played[generation] = self.played_s(generation)
        self._sinks.pop(name, None)

    def play(self, speech: Speech) -> None:
        """Queue a sentence everywhere. Nothing is queued where nobody listens."""
        self._played.setdefault(speech.generation, 0.0)
        while len(self._played) > MAX_GENERATIONS:
            self._played.popitem(last=False)
        for sink, _ in self._sinks.values():
            sink.play(speech)

    def stop(self, generation: int) -> None:
        """Silence everywhere, for this generation and older ones."""
        self._stopped = generation if self._stopped is None else max(self._stopped, generation)
        for sink, _ in self._sinks.values():
            sink.stop(generation)

    def hold(self) -> None:
        """Silence everywhere, until `resume`."""
        self._held = True
        for sink, _ in self._sinks.values():
            sink.hold()

    def resume(self) -> None:
        """Go on everywhere after `hold`."""
        self._held = False
        for sink, _ in self._sinks.values():
            sink.resume()

    def played_s(self, generation: int) -> float:
        """Seconds of this generation that the furthest sink played; never goes back."""
        now_s = max((sink.played_s(generation) for sink, _ in self._sinks.values()), default=0.0)
        return max(now_s, self._played.get(generation, 0.0))

    def idle(self) -> bool:
        """True when no sink that is ready (or, where none is, none at all) has anything left to play."""
        ready = [sink for sink, is_ready in self._sinks.values() if is_ready()]
        return all(sink.idle() for sink in ready or [sink for sink, _ in self._sinks.values()])
