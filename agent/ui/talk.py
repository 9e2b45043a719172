"""The conversation's lines, and the line to type in."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from textual import events
from textual.binding import Binding
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.suggester import SuggestFromList
from textual.widget import Widget
from textual.widgets import Input

from agent.show import safe
from agent.ui.desk import evidence_lines
from agent.ui.model import Line, View, stamp
from agent.ui.panels import hanging
from agent.ui.slash import COMMANDS, MAX_LINE_CHARS

MAX_HISTORY = 200
WHO_CELLS = 5
_STYLES = {
    "you": "bold $text-accent",
    "heed": "bold $text-primary",
    "note": "$foreground-muted",
    "alert": "bold $text-error",
}
_NAMES = {"you": "you", "heed": "heed", "note": "", "alert": "ALERT"}


class Prompt(Input):
    """One line to type; arrows walk through what was typed before, and a paste is made one harmless line."""

    class Entered(Message):
        """A line was typed."""

        def __init__(self, line: str) -> None:
            super().__init__()
            self.line = line

    def __init__(self, left_for: Callable[[], object]) -> None:
        """Args: left_for: goes to the answers, at once."""
        self.left_for = left_for
        names = SuggestFromList([f"/{name}" for name in COMMANDS])
        hint = "Ask, or / for commands"
        super().__init__(
            placeholder=hint, id="prompt", max_length=MAX_LINE_CHARS, suggester=names, compact=True,
            select_on_focus=False,  # what is half typed would be replaced by the next key
        )  # fmt: skip
        self._typed: list[str] = []
        self._at = 0
        self._draft = ""

    def remember(self, line: str) -> None:
        """Add to the history."""
        if self._typed[-1:] != [line]:
            self._typed = [*self._typed, line][-MAX_HISTORY:]
        self._at = len(self._typed)

    def fill(self, line: str) -> None:
        """Put a beginning there, to be completed."""
        self.value = line
        self.cursor_position = len(line)
        self.focus()

    def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        line = safe(event.text[: 2 * MAX_LINE_CHARS])[:MAX_LINE_CHARS]
        self.replace(line, *self.selection)

    def on_key(self, event: events.Key) -> None:
        """Keys that are no letters, at once: a binding would be run after the letters that were typed behind it."""
        focused = self.app.focused
        if focused is not None and focused is not self:
            event.stop()  # the key before this one moved the focus: this one is meant for where that is now
            event.prevent_default()
            focused.post_message(events.Key(event.key, event.character))
            return
        at_once: Mapping[str, Callable[[], object]] = {
            "enter": self._enter,
            "ctrl+j": self._enter,  # the line end of what was typed before the screen was there
            "ctrl+u": self.action_delete_left_all,
            "tab": self.action_complete,
            "up": lambda: self._recall(-1),
            "down": lambda: self._recall(1),
        }
        if (do := at_once.get(event.key)) is not None:
            event.stop()
            event.prevent_default()
            do()

    def _enter(self) -> None:
        line = self.value.strip()
        self.clear()
        if line:
            self.remember(line)
            self.post_message(self.Entered(line))

    def _recall(self, step: int) -> None:
        at = max(0, min(len(self._typed), self._at + step))
        if at == self._at:
            return
        if self._at == len(self._typed):
            self._draft = self.value  # what was begun comes back at the end
        self._at = at
        self.value = self._typed[at] if at < len(self._typed) else self._draft
        self.cursor_position = len(self.value)

    def action_complete(self) -> None:
        """Take the suggestion, if there is one; else go to the newest answer."""
        if self._suggestion and self.cursor_position >= len(self.value):
            self.action_cursor_right()
        else:
            self.left_for()


class Said(Widget, can_focus=True):
    """A line of the conversation; Enter opens the moments that it rests on, left and right choose among them."""

    BINDINGS = [
        Binding("enter", "evidence", "Evidence"),
        Binding("left", "choose(-1)", "Moment before", show=False),
        Binding("right", "choose(1)", "Moment after", show=False),
        Binding("up", "app.focus_previous", "Up", show=False),
        Binding("down", "app.focus_next", "Down", show=False),
        Binding("tab", "app.to_prompt", "To the prompt", show=False),
    ]

    class Looked(Message):
        """A moment of the evidence was chosen (its id), or the evidence was closed (empty)."""

        def __init__(self, percept_id: str) -> None:
            super().__init__()
            self.percept_id = percept_id

    def __init__(self, line: Line, view: View) -> None:
        super().__init__(classes=f"line -{line.who}")
        self.line, self.is_open, self.chosen = line, False, 0
        self._rests: tuple[str, ...] = ()
        self._made: tuple[int, list[Content]] = (0, [])
        self.show(line, view)

    def show(self, line: Line, view: View) -> None:
        """Show the line, and what it rests on if that is open."""
        self.line = line
        self._rests = tuple(evidence_lines(line, view)) if self.is_open else ()
        self._changed()

    def render(self) -> Content:
        """All of its rows."""
        return Content("\n").join(self._rows(self.size.width))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Rows at that width."""
        return len(self._rows(width))

    def action_evidence(self) -> None:
        """Open or close."""
        self.is_open, self.chosen = not self.is_open, 0
        self._look()

    def action_choose(self, step: int) -> None:
        """Another moment of the evidence."""
        if self.is_open and self.line.evidence:
            self.chosen = max(0, min(len(self.line.evidence) - 1, self.chosen + step))
            self._look()

    def _look(self) -> None:
        self._changed()
        ids = self.line.evidence
        self.post_message(self.Looked(ids[self.chosen] if self.is_open and ids else ""))

    def _changed(self) -> None:
        self._made = (0, [])
        self.refresh(layout=True)

    def _rows(self, width: int) -> list[Content]:
        if self._made[0] != width:
            self._made = (width, self._make(max(8, width)))
        return self._made[1]

    def _make(self, width: int) -> list[Content]:
        line, style = self.line, _STYLES[self.line.who]
        name = Content.styled(f"{_NAMES[line.who]:<{WHO_CELLS}} ", style)
        text = Content.styled(line.text, style if line.who in ("note", "alert") else "")
        if line.label:
            text = Content.assemble((f"{line.label}: ", "$foreground-muted"), text)
        if line.growing:
            text = text.append_text(" \u258d", "$text-primary")
        if line.figures:
            text = text.append_text(f"  {line.figures}", "$foreground-muted")
        room = width - 7 - WHO_CELLS - 1
        rows = text.wrap(room) or [Content("")]
        indent = " " * (WHO_CELLS + 1)
        rows = [name + rows[0], *(Content(indent) + row for row in rows[1:])]
        first = hanging(stamp(line), rows[0], width)
        return [*first, *(Content(" " * 7) + row for row in rows[1:]), *self._evidence_rows(room)]

    def _evidence_rows(self, room: int) -> list[Content]:
        rows = []
        for number, told in enumerate(self._rests):
            is_chosen = number == self.chosen and bool(self.line.evidence)
            text = Content.styled(told, "bold $text-success" if is_chosen else "$text-success")
            for at, row in enumerate(text.wrap(room - 2)):
                rows.append(Content(" " * (8 + WHO_CELLS) + ("\u25b8 " if is_chosen and not at else "  ")) + row)
        return rows
