"""Writes down what happens: JSON lines, subtitles, pictures of moments, the report page."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from agent.captions import VttWriter
from agent.jsonl import dumps, line_of, to_dict
from agent.report.page import write_report
from dialog.events import Event, ReplyDelta
from streams.errors import SourceError
from streams.sinks.thumbnail import jpeg
from streams.types import Observation, Percept, VideoFrame

MAX_PICTURES = 300
"""Moments of which a small picture is kept for the report: about 3 MB."""
MAX_LANGUAGES = 16
"""Languages of which a file of translations is written."""
MAX_EVENTS = 20_000
"""Events that the report shows."""


class EventFiles:
    """A folder with `events.jsonl`, `captions.vtt` and a `captions.<language>.vtt` for each language that is translated
    into, complete at any moment. A context manager.

    Spoken replies and translations of an earlier run are removed when it opens.
    """

    def __init__(self, out: Path) -> None:
        self.out = out
        self._files = ExitStack()
        self._languages: dict[str, VttWriter] = {}

    def __enter__(self) -> Self:
        try:
            self.out.mkdir(parents=True, exist_ok=True)
            for old in (*self.out.glob("reply-*.wav"), *self.out.glob("captions.*.vtt")):
                old.unlink()
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

    def write(self, event: Mapping[str, Any]) -> None:
        """Write down an event in the form of `agent.jsonl.to_dict`."""
        self._lines.write(line_of(event) + "\n")
        self._lines.flush()
        self._captions.write(event)
        if event.get("type") == "translation" and (file := self._translated(str(event.get("lang", "")))) is not None:
            file.write(event)

    def _translated(self, language: str) -> VttWriter | None:
        """The file of translations into a language, `captions.es.vtt`; None when there are too many."""
        if language not in self._languages and len(self._languages) < MAX_LANGUAGES:
            name = "".join(c for c in language if c.isalnum() or c == "-")[:16] or "translated"
            writer = VttWriter(self.out / f"captions.{name}.vtt", ("translation",))
            self._languages[language] = self._files.enter_context(writer)
        return self._languages.get(language)

    def spoken(self) -> dict[str, Path]:
        """The files of spoken replies that lie in the folder now, by number."""
        return {path.stem.removeprefix("reply-"): path for path in sorted(self.out.glob("reply-*.wav"))}


class Recorder:
    """`EventFiles` of a run inside this process and, at the end, `report.html`. A context manager.

    `write` is quick and belongs to `Bus.tap`; what is being generated (`reply_delta`) is not written down, the
    finished reply is. The report shows the newest `MAX_EVENTS`; the file has them all.
    """

    def __init__(self, out: Path, title: str, wall_start: datetime | None = None) -> None:
        """`wall_start` is the wall-clock time of stream time zero, where there is one."""
        self._files = EventFiles(out)
        self._title = title
        self._wall_start = wall_start
        self._events: deque[dict[str, Any]] = deque(maxlen=MAX_EVENTS)
        self._pictures: OrderedDict[str, bytes] = OrderedDict()

    def __enter__(self) -> Self:
        self._files.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._files.__exit__(kind, error, trace)
        page = self._files.out / "report.html"
        write_report(self._events, page, self._title, self._pictures, self._files.spoken(), self._wall_start)

    def write(self, event: Event) -> None:
        """Write an event down."""
        if not isinstance(event, ReplyDelta):
            value = to_dict(event)
            self._files.write(value)
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
