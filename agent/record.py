"""Writes down what happens: JSON lines, subtitles, pictures of moments, the report page."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from agent.captions import VttWriter
from agent.jsonl import dumps, to_dict
from agent.report.page import write_report
from dialog.events import Event, ReplyDelta
from streams.errors import SourceError
from streams.sinks.thumbnail import jpeg
from streams.types import Observation, Percept, VideoFrame

MAX_PICTURES = 300
"""Moments of which a small picture is kept for the report: about 3 MB."""


class Recorder:
    """A folder with `events.jsonl`, `captions.vtt` and, at the end, `report.html`. A context manager.

    `write` is quick and belongs to `Bus.tap`; what is being generated (`reply_delta`) is not written down, the
    finished reply is.
    """

    def __init__(self, out: Path, title: str) -> None:
        self.out = out
        self._title = title
        self._events: list[dict[str, Any]] = []
        self._pictures: OrderedDict[str, bytes] = OrderedDict()
        self._files = ExitStack()

    def __enter__(self) -> Self:
        try:
            self.out.mkdir(parents=True, exist_ok=True)
            self._lines = self._files.enter_context((self.out / "events.jsonl").open("w", encoding="utf-8"))
            self._captions = self._files.enter_context(VttWriter(self.out / "captions.vtt"))
        except OSError as error:
            self._files.close()
            raise SourceError(f"cannot write to {self.out}: {error.strerror or error}") from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._files.close()
        audio = {path.stem.removeprefix("reply-"): path for path in sorted(self.out.glob("reply-*.wav"))}
        write_report(self._events, self.out / "report.html", self._title, self._pictures, audio)

    def write(self, event: Event) -> None:
        """Write an event down."""
        if isinstance(event, ReplyDelta):
            return
        value = to_dict(event)
        self._lines.write(dumps(event) + "\n")
        self._captions.write(value)
        self._events.append(value)

    def on_frame(self, frame: VideoFrame, observations: Sequence[Observation]) -> None:
        """Keep a small picture of a moment in which something was seen."""
        seen = [o.id for o in observations if isinstance(o, Percept)]
        if seen:
            picture = jpeg(frame.rgb, 240)
            for percept_id in seen:
                self._pictures[percept_id] = picture
            while len(self._pictures) > MAX_PICTURES:
                self._pictures.popitem(last=False)


def printer(
    emit: Callable[[str], None], shown: Callable[[Event], bool] = lambda event: True
) -> Callable[[Event], None]:
    """A tap that prints events as JSON lines."""

    def write(event: Event) -> None:
        if not isinstance(event, ReplyDelta) and shown(event):
            emit(dumps(event))

    return write
