"""The terminal assistant's screen. Shows `View`s, sends commands; decides nothing about the agent."""

from __future__ import annotations

import asyncio
from pathlib import Path

from rich.text import Text
from textual import events
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.suggester import SuggestFromList
from textual.widgets import Footer, Input, Static

from agent.show import safe
from agent.ui.backend import Backend, note
from agent.ui.inbox import Inbox
from agent.ui.model import Line, Moment, View, advance, stamp
from agent.ui.slash import COMMANDS, MAX_LINE_CHARS, help_lines, parsed
from streams.wording import place

FLUSH_S = 0.08
"""Events are shown together, this long after the first: so the screen stays free for keys."""
MAX_HISTORY = 200
KEYS = (
    "Ctrl+P palette, Tab and arrows choose an answer, Enter its evidence, Escape silences, Ctrl+Y copies, Ctrl+Q ends"
)
_STYLES = {"you": "bold magenta", "heed": "bold", "note": "dim", "alert": "bold red"}

CSS = """
#top { height: 1; background: $panel; }
#talk { width: 2fr; padding: 0 1; }
#senses { width: 1fr; border-left: solid $panel; padding: 0 1; }
#moments { height: 2fr; } #said { height: 1fr; }
#now { height: 1; padding: 0 1; color: $text-muted; }
.-narrow #body { layout: vertical; }
.-narrow #talk { width: 100%; height: 1fr; }
.-narrow #senses { width: 100%; height: 5; border-left: none; border-top: solid $panel; }
.-narrow #said { display: none; }
.line:focus { background: $boost; }
"""


class Prompt(Input):
    """One line to type; arrows walk through what was typed before, and a paste is made one harmless line."""

    def __init__(self) -> None:
        names = SuggestFromList([f"/{name}" for name in COMMANDS])
        super().__init__(placeholder="Ask, or / for commands", id="prompt", max_length=MAX_LINE_CHARS, suggester=names)
        self._typed: list[str] = []
        self._at = 0

    def remember(self, line: str) -> None:
        """Add to the history."""
        self._typed = [*self._typed, line][-MAX_HISTORY:]
        self._at = len(self._typed)

    def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        self.insert_text_at_cursor(safe(event.text[: 2 * MAX_LINE_CHARS])[:MAX_LINE_CHARS])

    def on_key(self, event: events.Key) -> None:
        """Up and down."""
        if event.key in ("up", "down") and self._typed:
            self._at = max(0, min(len(self._typed), self._at + (-1 if event.key == "up" else 1)))
            self.value = self._typed[self._at] if self._at < len(self._typed) else ""
            self.cursor_position = len(self.value)
            event.stop()


class Said(Static, can_focus=True):
    """A line of the conversation; Enter opens the moments that it rests on."""

    BINDINGS = [Binding("enter", "evidence", "Evidence"), Binding("up", "app.focus_previous"),
                Binding("down", "app.focus_next")]  # fmt: skip

    def __init__(self, line: Line) -> None:
        super().__init__(classes="line", markup=False)
        self.line, self.is_open = line, False

    def show(self, line: Line, view: View) -> None:
        """Show the line, and what it rests on if that is open."""
        self.line = line
        who = f"{line.who} ({line.label})" if line.label else line.who
        text = Text(f"{stamp(line):>6} ", "dim").append(f"{who}: ", _STYLES[line.who]).append(line.text)
        if line.figures:
            text.append(f"  {line.figures}", "dim")
        if self.is_open:
            for number, name in enumerate(line.evidence, 1):
                moment = view.moment(name)
                told = "no longer kept" if moment is None else _moment(moment)
                text.append(f"\n        [{number}] {told}", "green")
            if not line.evidence:
                text.append("\n        rests on nothing perceived", "dim")
        self.update(text)

    def action_evidence(self) -> None:
        """Open or close."""
        self.is_open = not self.is_open
        if isinstance(self.app, Assistant):
            self.show(self.line, self.app.view)


class Assistant(App[None]):
    """`heed tui`."""

    TITLE = "heed"
    CSS = CSS
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]
    BINDINGS = [Binding("escape", "silence", "Silence"), Binding("ctrl+y", "copy", "Copy"),
                Binding("ctrl+t", "mute", "Mute"), Binding("f1", "keys", "Help")]  # fmt: skip

    def __init__(self, backend: Backend) -> None:
        super().__init__()
        self.view = View()
        self._backend, self._inbox = backend, Inbox()
        self._woken = asyncio.Event()
        self._rows: dict[int, Said] = {}
        self._number, self._muted, self._remarks, self._camera = 0, False, True, ""

    def compose(self) -> ComposeResult:
        """The parts of the screen."""
        yield Static(id="top", markup=False)
        with Horizontal(id="body"):
            yield VerticalScroll(id="talk", can_focus=False)
            with Vertical(id="senses"):
                yield Static(id="seen", markup=False)
                yield Static(id="moments", markup=False)
                yield Static(id="said", markup=False)
        yield Static(id="now", markup=False)
        yield Prompt()
        yield Footer()

    def on_mount(self) -> None:
        """The prompt first; the agent behind it."""
        self.query_one("#talk", VerticalScroll).anchor()
        self.query_one(Prompt).focus()
        loop = asyncio.get_running_loop()
        self._inbox.wakes(lambda: loop.call_soon_threadsafe(self._woken.set))
        self.run_worker(self._backend.run(self._inbox), name="agent")
        self.run_worker(self._follow(), name="screen")

    async def _follow(self) -> None:
        while True:
            await self._woken.wait()
            self._woken.clear()
            await self.flush()
            await asyncio.sleep(FLUSH_S)

    async def flush(self) -> None:
        """Show all that has arrived."""
        before, (taken, left_out) = self.view, self._inbox.take()
        self.view = advance(before, taken, left_out)
        await self._show_lines()
        self._show_senses()

    async def _show_lines(self) -> None:
        talk, kept, new = self.query_one("#talk", VerticalScroll), set[int](), []
        for line in self.view.lines:
            kept.add(line.number)
            if line.number not in self._rows:
                self._rows[line.number] = row = Said(line)
                row.show(line, self.view)
                new.append(row)
            elif self._rows[line.number].line is not line:
                self._rows[line.number].show(line, self.view)
        gone = [self._rows.pop(number) for number in list(self._rows) if number not in kept]
        with self.batch_update():
            if gone:
                await talk.remove_children(gone)
            if new:
                await talk.mount_all(new)

    def _show_senses(self) -> None:
        view, seen = self.view, self.view.seen(self._camera)
        wrong = [f"{name} {state}" for name, state, _ in view.health if state != "ok"]
        speed = [f"first word {view.first_word_s:.2f} s"] if view.first_word_s is not None else []
        muted = ["muted"] if self._muted else []
        whole = [view.turn or view.phase, view.status, *muted, *speed, *wrong]
        self.query_one("#top", Static).update(_row(f" heed  {'  |  '.join(filter(None, whole))}"))
        self.query_one("#seen", Static).update(_row(f"now: {_moment(seen)}" if seen else "nothing seen yet", "bold"))
        self._tail("#moments", [_moment(m) for m in view.moments[-100:]])
        said = [f"{stamp(s):>6} {s.speaker or place(s.source)}: {s.text}" for s in view.subtitles[-50:]]
        self._tail("#said", said)
        partial = "  ".join(f"{place(source)}: {text} ..." for source, text in view.partials)
        self.query_one("#now", Static).update(_row(partial, "italic"))

    def _tail(self, name: str, rows: list[str]) -> None:
        panel = self.query_one(name, Static)
        text = "\n".join(rows[-max(1, panel.size.height) :])
        panel.update(_row(text))

    def on_resize(self) -> None:
        """More or fewer rows fit."""
        self.call_after_refresh(self._show_senses)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """A question or a command."""
        line = safe(event.value)
        event.input.clear()
        if line:
            self.query_one(Prompt).remember(line)
            self._obey(*parsed(line))

    def _obey(self, name: str, argument: str) -> None:
        plain = {"mute": self.action_mute, "interrupt": self.action_silence, "copy": self.action_copy,
                 "help": self.action_keys, "quit": self.exit, "remarks": self._toggle_remarks}  # fmt: skip
        if name in plain:
            plain[name]()
        elif name == "ask" and argument:
            self._ask(argument)
        elif name == "search":
            hits = self.view.found(argument)[-20:]
            self._tell("\n".join(f"{stamp(hit)} {hit.text}" for hit in hits) or "nothing found")
        elif name == "camera":
            self._camera = argument if argument in self.view.cameras() else ""
            self._tell(f"shows {self._camera or 'any'}; there are: {', '.join(self.view.cameras()) or 'none'}")
            self._show_senses()
        elif name == "save":
            self._save(Path(argument or "conversation.txt"))
        else:
            self._tell(f"/{name} is not known; /help lists what is")

    def _ask(self, text: str) -> None:
        self._number += 1
        correlation = f"tui-{self._number}"
        self._inbox.offer({"type": "asked", "t": self._now_s(), "text": text, "correlation": correlation})
        if not self._backend.send({"type": "ask", "text": text, "correlation": correlation}):
            self._tell(f"not asked: {self.view.status}")

    def _now_s(self) -> float:
        return max((one[-1].t_s for one in (self.view.lines, self.view.moments) if one), default=0.0)

    def _tell(self, text: str) -> None:
        for line in text.splitlines():
            self._inbox.offer({**note(line), "t": self._now_s()})

    def _save(self, path: Path) -> None:
        try:
            with path.open("x", encoding="utf-8") as file:
                file.writelines(f"{stamp(line)} {line.who}: {line.text}\n" for line in self.view.lines)
        except OSError as error:
            self._tell(f"cannot write {path}: {error.strerror or error}")
        else:
            self._tell(f"written to {path}")

    def _toggle_remarks(self) -> None:
        self._remarks = not self._remarks
        self._backend.send({"type": "remarks", "on": self._remarks})
        self._tell("speaks unasked" if self._remarks else "speaks only when asked")

    def action_mute(self) -> None:
        """Written answers only, or aloud too."""
        self._muted = not self._muted
        self._backend.send({"type": "mute", "on": self._muted})
        self._show_senses()

    def action_silence(self) -> None:
        """Stop the answer."""
        self._backend.send({"type": "interrupt"})
        self.query_one(Prompt).focus()

    def action_copy(self) -> None:
        """The chosen line, else the newest answer."""
        chosen = self.focused.line if isinstance(self.focused, Said) else None
        line = chosen or next((one for one in reversed(self.view.lines) if one.who == "heed"), None)
        if line is not None:
            self.copy_to_clipboard(line.text)

    def action_keys(self) -> None:
        """Keys and commands."""
        self._tell("\n".join([KEYS, *help_lines()]))


def _row(text: str, style: str = "") -> Text:
    return Text(text, style, no_wrap=True, overflow="ellipsis")


def _moment(moment: Moment) -> str:
    where = moment.source if moment.kind == "alert" else place(moment.source)
    return f"{stamp(moment):>6} {where}: {moment.severity + ' ' if moment.severity else ''}{moment.text}"
