"""The terminal assistant's screen. Shows `View`s, sends commands; decides nothing about the agent."""

from __future__ import annotations

import asyncio
import os

from textual import events
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.driver import Driver
from textual.widgets import Footer, Static

from agent.ui.backend import Backend
from agent.ui.desk import Desk, moment_text
from agent.ui.inbox import Inbox
from agent.ui.kitty import Kitty
from agent.ui.model import Moment, View
from agent.ui.palette import Commands
from agent.ui.panels import Meter, Tail, header, health_row, moment_row, subtitle_row
from agent.ui.picture import Picture
from agent.ui.slash import WANTS, help_lines, parsed
from agent.ui.style import BREAKPOINTS, CSS
from agent.ui.talk import Prompt, Said
from agent.ui.terminal import Terminal
from streams.wording import place

FLUSH_S = 0.08
"""Events are shown together, this long after the first: so the screen stays free for keys."""
MAX_ROWS = 200
"""Lines of the conversation on the screen; /search and /save know more."""
SHORT_ROWS = 16
"""A terminal with fewer rows shows the conversation only."""
WELCOME = "Type a question, or / for commands. F1 tells the keys."
KEYS = (
    "Tab: to the answers and back; up, down: choose one; Enter: what it rests on; left, right: its moments\n"
    "Up, down while typing: what was typed before; PageUp, PageDown: scroll; Ctrl+P: find a command\n"
    "Escape: stop the answer; Ctrl+T: mute; Ctrl+Y: copy; Ctrl+Q: quit"
)
THEMES = {"dark": "textual-dark", "light": "textual-light"}


class Assistant(App[None]):
    """`heed tui`."""

    TITLE = "heed"
    CSS = CSS
    COMMANDS = App.COMMANDS | {Commands}
    HORIZONTAL_BREAKPOINTS = BREAKPOINTS
    BINDINGS = [
        Binding("f1", "keys", "Help"),
        Binding("escape", "silence", "Stop"),
        Binding("ctrl+t", "mute", "Mute"),
        Binding("ctrl+y", "copy", "Copy"),
        Binding("pageup", "scroll(-1)", "Scroll", show=False, priority=True),
        Binding("pagedown", "scroll(1)", "Scroll", show=False, priority=True),
    ]

    def __init__(self, backend: Backend, terminal: Terminal | None = None) -> None:
        super().__init__()
        self._backend, self._inbox = backend, Inbox()
        self._terminal = terminal or Terminal()
        self.desk = Desk(backend, self._inbox)
        self._woken, self._looks = asyncio.Event(), asyncio.Event()
        self._rows: dict[int, Said] = {}
        self._chosen = self._pictured = ""

    @property
    def view(self) -> View:
        """What is shown."""
        return self.desk.view

    def compose(self) -> ComposeResult:
        """The parts of the screen."""
        yield Static(id="top", markup=False)
        with Horizontal(id="body"):
            yield VerticalScroll(id="talk", can_focus=False)
            with Vertical(id="senses"):
                with Vertical(id="look"):
                    yield Picture("picture")
                yield Tail("moments", "moments")
                yield Tail("said", "said")
                yield Tail("health", "sources")
        yield Static(id="now", markup=False)
        with Horizontal(id="line"):
            yield Meter()
            yield Static(">", id="sign", markup=False)
            yield Prompt(self.action_to_answers)
        yield Footer()

    def on_mount(self) -> None:
        """The prompt first; the agent behind it."""
        self.query_one("#talk", VerticalScroll).anchor()
        self.query_one(Prompt).fill(self._terminal.typed)
        # A picture's number is a colour: it must reach the terminal as it is.
        if self._terminal.pixels and self.console.color_system == "truecolor" and not self.console.no_color:
            self.query_one(Picture).use(Kitty(self._send, os.getpid(), self._terminal.in_tmux))
        self.desk.tell(WELCOME)
        loop = asyncio.get_running_loop()
        self._inbox.wakes(lambda: loop.call_soon_threadsafe(self._woken.set))
        self.run_worker(self._backend.run(self._inbox), name="agent")
        self.run_worker(self._follow(), name="screen")
        self.run_worker(self._look(), name="picture")
        self.theme_changed_signal.subscribe(self, lambda _: self.call_after_refresh(self.redraw))

    def get_driver_class(self) -> type[Driver]:
        """The usual one, which takes the picture back before it leaves the screen (on unmount it is too late)."""
        base, app = super().get_driver_class(), self

        class Leaving(base):  # type: ignore[misc, valid-type]
            def stop_application_mode(self) -> None:
                for picture in app.query(Picture):
                    picture.leave()
                super().stop_application_mode()

        return Leaving

    def _send(self, raw: str) -> None:
        # Textual has no public way past its screen; in order with what it draws, its driver is the only one.
        if self._driver is not None:
            self._driver.write(raw)

    def cameras(self) -> tuple[str, ...]:
        """Sources with pictures."""
        return self.view.cameras()

    def choose(self, line: str) -> None:
        """What the palette chose."""
        name, argument = parsed(line)
        if name in WANTS and not argument:
            self.query_one(Prompt).fill(f"/{name} ")
        else:
            self._obey(line)

    async def redraw(self) -> None:
        """The cells beside the picture have a colour too."""
        await self.query_one(Picture).draw()

    async def _follow(self) -> None:
        while True:
            await self._woken.wait()
            self._woken.clear()
            await self.flush()
            await asyncio.sleep(FLUSH_S)

    async def flush(self) -> None:
        """Show all that has arrived."""
        self.desk.take()
        await self._show_lines()
        self._show_senses()

    async def _show_lines(self) -> None:
        talk, kept, new = self.query_one("#talk", VerticalScroll), set[int](), []
        for line in self.view.lines[-MAX_ROWS:]:
            kept.add(line.number)
            if line.number not in self._rows:
                self._rows[line.number] = row = Said(line, self.view)
                new.append(row)
            elif self._rows[line.number].line is not line:
                self._rows[line.number].show(line, self.view)
        gone = [self._rows.pop(number) for number in list(self._rows) if number not in kept]
        if not (gone or new):
            return
        with self.batch_update():
            if gone:
                await talk.remove_children(gone)
            if new:
                await talk.mount_all(new)
            self._sort(talk)

    def _sort(self, talk: VerticalScroll) -> None:
        """A question from elsewhere is known only with its answer, and stands before it."""
        order = {line.number: at for at, line in enumerate(self.view.lines)}
        at = [order[row.line.number] for row in talk.query_children(Said)]
        if at != sorted(at):
            talk.sort_children(key=lambda row: order[row.line.number] if isinstance(row, Said) else -1)

    def _show_senses(self) -> None:
        view, seen = self.view, self._seen()
        muted = ["muted"] if self.desk.muted else []
        lost = [f"{view.left_out} moments left out"] if view.left_out else []
        self.query_one("#top", Static).update(header(view, [*muted, *lost], self.size.width))
        self.set_class(seen is None, "-blind")
        spoken = self.query_one("#said").display  # where there is room, what was said has a panel of its own
        moments = [m for m in view.moments[-4 * self.size.height :] if not (spoken and m.kind == "speech")]
        self.query_one("#moments", Tail).show([moment_row(m) for m in moments[-self.size.height :]])
        self.query_one("#said", Tail).show([subtitle_row(s) for s in self.desk.subtitles()[-self.size.height :]])
        health = self.query_one("#health", Tail)
        sources = view.sources()
        health.show([health_row(*one) for one in sources])
        health.styles.height = min(7, 2 + max(1, len(sources)))
        partial = "  ".join(f"{place(source)}: {text} ..." for source, text in view.partials)
        self.query_one("#now", Static).update(partial)
        self.query_one(Meter).show(view.level)
        if seen is not None and seen.id != self._pictured:
            self._looks.set()

    def _seen(self) -> Moment | None:
        """What the picture shows: the chosen moment, else the newest."""
        chosen = self.view.moment(self._chosen) if self._chosen else None
        return chosen if chosen is not None and chosen.pictured else self.view.seen(self.desk.camera)

    async def _look(self) -> None:
        """Fetch the picture of what is seen, one at a time and the newest only."""
        look, picture = self.query_one("#look"), self.query_one(Picture)
        while True:
            await self._looks.wait()
            self._looks.clear()
            if (seen := self._seen()) is None or seen.id == self._pictured:
                continue
            self._pictured = seen.id
            look.border_title = "evidence" if seen.id == self._chosen else "seen now"
            look.border_subtitle = Content(moment_text(seen))  # a string is markup, and a sign may say anything
            await picture.show(await self._backend.picture(seen.id))
            await asyncio.sleep(2 * FLUSH_S)

    def on_said_looked(self, event: Said.Looked) -> None:
        """A moment of the evidence was chosen: show its picture."""
        self._chosen, self._pictured = event.percept_id, ""
        if isinstance(self.focused, Said):
            self.focused.show(self.focused.line, self.view)
        self._looks.set()

    def on_resize(self, event: events.Resize) -> None:
        """More or fewer rows fit."""
        # Textual tells its screen by a timer of 8 ms, and on a busy machine such a timer may be skipped: then this and
        # all later sizes would be ignored. So it is told at once.
        self.screen.post_message(events.Resize(event.size, event.virtual_size, event.container_size))
        self.set_class(self.size.height < SHORT_ROWS, "-short")
        self.call_after_refresh(self._show_senses)

    def on_prompt_entered(self, event: Prompt.Entered) -> None:
        """A question or a command."""
        self._obey(event.line)

    def action_to_answers(self) -> None:
        """Choose the newest answer, else the newest line."""
        rows = list(self.query(Said))
        if rows:
            self.screen.set_focus(next((row for row in reversed(rows) if row.line.who == "heed"), rows[-1]))

    def _obey(self, line: str) -> None:
        own = {
            "quit": lambda _: self.exit(),
            "copy": lambda _: self.action_copy(),
            "help": lambda _: self.action_keys(),
            "theme": self._set_theme,
        }
        self.desk.obey(line, own)
        self._show_senses()

    def _set_theme(self, name: str) -> None:
        wanted = THEMES.get(name, name) or THEMES["dark" if self.theme == THEMES["light"] else "light"]
        if wanted in self.available_themes:
            self.theme = wanted
        else:
            self.desk.tell(
                f"no theme {name[:40]!r}; there are: dark, light, {', '.join(sorted(self.available_themes))}"
            )

    def action_mute(self) -> None:
        """Written answers only, or aloud too."""
        self.desk.mute()

    def action_silence(self) -> None:
        """Stop the answer, and back to typing."""
        self.desk.interrupt()
        self.action_to_prompt()

    def action_to_prompt(self) -> None:
        """Back to typing, and to what is seen now."""
        self._chosen, self._pictured = "", ""
        self._looks.set()
        self.query_one(Prompt).focus()

    def action_scroll(self, pages: int) -> None:
        """Scroll the conversation."""
        talk = self.query_one("#talk", VerticalScroll)
        talk.scroll_relative(y=pages * max(1, talk.size.height - 2), animate=False)

    def action_copy(self) -> None:
        """The chosen line, else the newest answer."""
        line = self.focused.line if isinstance(self.focused, Said) else self.desk.newest_answer()
        if line is None:
            self.desk.tell("there is no answer to copy yet")
        else:
            self.copy_to_clipboard(line.text)
            self.desk.tell("copied, if this terminal lets programs set the clipboard")

    def action_keys(self) -> None:
        """Keys and commands."""
        self.desk.tell("\n".join([KEYS, *help_lines()]))
