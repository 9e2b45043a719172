"""How each part is doing, as it said last."""

from __future__ import annotations

from collections import OrderedDict

from dialog.events import Event
from streams.types import Health

MAX_COMPONENTS = 512


class Pulse:
    """The last `Health` of each component. A tap for `Bus.tap`; bounded, the longest unheard of go first."""

    def __init__(self) -> None:
        self._last: OrderedDict[str, Health] = OrderedDict()

    def on_event(self, event: Event) -> None:
        """Take note."""
        if isinstance(event, Health):
            self._last.pop(event.component, None)
            self._last[event.component] = event
            while len(self._last) > MAX_COMPONENTS:
                self._last.popitem(last=False)

    def all(self) -> list[Health]:
        """What is wrong first, then by name."""
        order = {"failed": 0, "degraded": 1}
        return sorted(self._last.values(), key=lambda h: (order.get(h.state, 2), h.component))

    def of(self, source: str) -> Health | None:
        """The worst that is said of a camera or microphone; None: nothing."""
        return next((h for h in self.all() if h.component.partition(":")[2] == source), None)
