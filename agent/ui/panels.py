"""What stands around the conversation: panels that show their newest rows, the meter, and the words for all of them."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.widget import Widget

from agent.ui.model import Moment, Subtitle, View, stamp
from streams.wording import place

STAMP_CELLS = 6
_EIGHTHS = " \u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588"
METER_CELLS = 6
_MARKS = {
    "ok": ("\u25cf", "$text-success"),
    "degraded": ("\u25b2", "$text-warning"),
    "failed": ("\u2716", "$text-error"),
}


class Tail(Widget):
    """As many of the newest rows as fit, each wrapped under its time."""

    def __init__(self, id: str, title: str) -> None:
        super().__init__(id=id)
        self.border_title = title
        self._rows: Sequence[tuple[str, Content]] = ()

    def show(self, rows: Sequence[tuple[str, Content]]) -> None:
        """Show rows: a time and what there is to say."""
        if rows != self._rows:
            self._rows = rows
            self.refresh()

    def render(self) -> Content:
        """The newest rows, the last at the bottom of what is filled."""
        width, height = self.size.width - STAMP_CELLS - 1, self.size.height
        lines: list[Content] = []
        for when, text in reversed(self._rows):
            if len(lines) >= height or width < 4:
                break
            lines[:0] = hanging(when, text, width)
        return Content("\n").join(lines[-height:] if height else [])


class Meter(Widget):
    """How loud it is, in cells that fill."""

    def __init__(self) -> None:
        super().__init__(id="meter")
        self._level = 0.0

    def show(self, level: float | None) -> None:
        """Show 0..1; None hides it."""
        self.display = level is not None
        if level is not None and level != self._level:
            self._level = level
            self.refresh()

    def render(self) -> Content:
        """One row."""
        filled = self._level * METER_CELLS
        eighths = [max(0, min(8, round((filled - n) * 8))) for n in range(METER_CELLS)]
        style = "$text-error" if self._level > 0.95 else "$text-success"
        bar = "".join("\u2588" if e == 8 else _EIGHTHS[e] if e else "\u2581" for e in eighths)
        return Content.styled(bar, style)


def hanging(when: str, text: Content, width: int) -> list[Content]:
    """Text wrapped to `width` cells, its time before the first line."""
    wrapped = text.wrap(width) or [Content("")]
    first = Content.assemble((f"{when:>{STAMP_CELLS}} ", "$foreground-muted"), wrapped[0])
    return [first, *(Content.assemble(" " * (STAMP_CELLS + 1), line) for line in wrapped[1:])]


def moment_row(moment: Moment) -> tuple[str, Content]:
    """A row for the timeline."""
    if moment.kind == "alert":
        what = f"{moment.severity} {moment.source}: {moment.text}".strip()
        return stamp(moment), Content.styled(what, "bold $text-error")
    style = "$text-success" if moment.pictured else "$text-secondary"
    return stamp(moment), Content.assemble((place(moment.source), style), f" {moment.text}")


def subtitle_row(said: Subtitle) -> tuple[str, Content]:
    """A row for what was said."""
    who = said.speaker or place(said.source)
    return stamp(said), Content.assemble((who, "$text-secondary"), f" {said.text}")


def health_row(component: str, state: str, reason: str) -> tuple[str, Content]:
    """A row for a source or another part of the agent."""
    mark, style = _MARKS.get(state, ("?", "$text-warning"))
    told = f"  {state}{': ' + reason if reason else ''}" if state != "ok" else ""
    return mark, Content.assemble((place(component.replace(":", " ")), style), told)


def header(view: View, facts: Sequence[str], width: int) -> Content:
    """The top line: how the agent is, what is wrong, and how fast the last answer was."""
    style = {"ready": "$text-success", "loading": "$text-warning"}.get(view.phase, "$text-error")
    state = (view.turn or "ready") if view.phase == "ready" else view.phase
    wrong = [f"\u2716 {place(name.replace(':', ' '))}" for name, now, _ in view.health if now == "failed"]
    told = [*facts, *speeds(view)]
    right = "  ".join(told[: max(0, width // 25 - 1)])  # on a small screen the agent's state matters more
    room = width - len(right) - 2
    left = Content.assemble((" heed ", "bold reverse $primary"), " ", (f"\u25cf {state}", style))
    if view.status and view.phase != "failed":
        left = left.append_text(f"  {view.status}", "$foreground-muted")
    if wrong:
        left = left.append_text(f"  {'  '.join(wrong)}", "$text-error")
    left = left.truncate(max(8, room), ellipsis=True)
    gap = " " * max(1, width - left.cell_length - len(right) - 1)
    return Content.assemble(left, gap, (right, "$foreground-muted"))


def speeds(view: View) -> list[str]:
    """Latencies of the newest answer."""
    named = (("first word", view.first_word_s), ("first sound", view.first_sound_s), ("gap", view.answer_gap_s))
    return [f"{name} {value:.2f} s" for name, value in named if value is not None]
