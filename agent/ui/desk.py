"""What a person can do at the assistant, the same on the full screen and in plain lines. No widgets, no printing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from agent.show import safe
from agent.ui.backend import Backend, note
from agent.ui.inbox import EventLine, Inbox
from agent.ui.model import Line, Moment, Subtitle, View, advance, stamp
from agent.ui.slash import WANTS, help_lines, parsed, unknown
from streams.wording import place

MAX_HELD = 16
"""Questions that may wait for the models to load."""
MAX_HITS = 20
NEWEST = 50
"""Lines and moments among which the newest time is; they come nearly in order."""


class Desk:
    """The state of the view, and the commands. What it has to say goes through the inbox, as notes."""

    def __init__(self, backend: Backend, inbox: Inbox, name: str = "tui") -> None:
        """Args: name: begins the correlations of questions asked here."""
        self.view = View()
        self.muted, self.remarks, self.camera, self.language = False, True, "", ""
        self._backend, self._inbox, self._name, self._number = backend, inbox, name, 0
        self._held: list[Mapping[str, str]] = []
        self._commands: Mapping[str, Callable[[str], None]] = {
            "ask": self.ask,
            "camera": self._show_camera,
            "evidence": self._evidence,
            "help": lambda _: self.tell("\n".join(help_lines())),
            "interrupt": lambda _: self.interrupt(),
            "language": self._show_language,
            "mute": lambda _: self.mute(),
            "remarks": lambda _: self._toggle_remarks(),
            "rules": lambda _: self.tell("\n".join(rules(self.view)) or "no rule has raised an alert yet"),
            "save": self._save,
            "search": self._search,
            "watch": self._watch,
        }

    @property
    def open_questions(self) -> int:
        """Asked here and not answered yet."""
        return len(self._held) + len(self.view.asked)

    def take(self) -> list[EventLine]:
        """Bring the view up to date with the inbox; returns the events that this took."""
        taken, left_out = self._inbox.take()
        self.view = advance(self.view, taken, left_out)
        if self.view.phase == "ready" and self._held:
            held, self._held = self._held, []
            for command in held:
                self._send(command)
        elif self.view.phase == "failed" and self._held:
            self._held = []
            self.tell(f"not asked: {self.view.status}")
        return taken

    def obey(self, line: str, own: Mapping[str, Callable[[str], object]]) -> None:
        """Do what a typed line says.

        Args:
            line: as typed.
            own: what the screen itself does (`quit`, `copy`, ...), by command; it comes first.
        """
        name, argument = parsed(safe(line))
        if name in WANTS and not argument:
            if name != "ask" or line.strip():
                self.tell(f"/{name} wants {WANTS[name]}")
        elif (do := own.get(name) or self._commands.get(name)) is not None:
            do(argument)
        else:
            self.tell(unknown(name))

    def ask(self, text: str) -> None:
        """Ask, or hold the question until the models are loaded."""
        self._number += 1
        command = {"type": "ask", "text": text, "correlation": f"{self._name}-{self._number}"}
        self._inbox.offer({**command, "type": "asked", "t": self.now_s()})
        if self.view.phase != "loading":
            self._send(command)
        elif len(self._held) < MAX_HELD:
            self._held.append(command)
            self.tell("asked as soon as the agent is ready")
        else:
            self.tell(f"not asked: {MAX_HELD} questions wait already")

    def mute(self) -> None:
        """Written answers only, or aloud too."""
        self.muted = not self.muted
        self._backend.send({"type": "mute", "on": self.muted})
        self.tell("answers in writing only" if self.muted else "answers aloud too, where there is a loudspeaker")

    def interrupt(self) -> None:
        """Stop the answer."""
        self._backend.send({"type": "interrupt"})

    def now_s(self) -> float:
        """Stream time of the newest thing shown."""
        lines, moments = self.view.lines[-NEWEST:], self.view.moments[-NEWEST:]
        return max([*(line.t_s for line in lines), *(moment.t_s for moment in moments)], default=0.0)

    def tell(self, text: str) -> None:
        """Say something in the conversation."""
        for line in text.splitlines():
            self._inbox.offer({**note(line), "t": self.now_s()})

    def newest_answer(self) -> Line | None:
        """The last reply."""
        return next((one for one in reversed(self.view.lines) if one.who == "heed"), None)

    def subtitles(self) -> list[Subtitle]:
        """What was said, in the language that is wanted."""
        return [one for one in self.view.subtitles if one.language == self.language]

    def _send(self, command: Mapping[str, str]) -> None:
        if not self._backend.send(command):
            self._inbox.offer({"type": "unasked", "correlation": command["correlation"]})
            self.tell(f"not asked: {self.view.status or 'there is no agent'}")

    def _search(self, words: str) -> None:
        hits = self.view.found(words)
        more = [f"... and {len(hits) - MAX_HITS} earlier"] if len(hits) > MAX_HITS else []
        self.tell("\n".join([*more, *(found_line(hit) for hit in hits[-MAX_HITS:])]) or "nothing found")

    def _show_camera(self, name: str) -> None:
        there = {place(source): source for source in self.view.cameras()}
        self.camera = there.get(place(name), "")
        if name and not self.camera:
            self.tell(f"no pictures of {name[:40]!r}; there are: {', '.join(there) or 'none yet'}")
        else:
            self.tell(f"shows {place(self.camera) or 'any camera'}; there are: {', '.join(there) or 'none yet'}")

    def _show_language(self, name: str) -> None:
        there = sorted({one.language for one in self.view.subtitles if one.language})
        self.language = name.lower()[:16]
        if self.language and self.language not in there:
            self.tell(f"no translation into {self.language} yet; the plugin 'translation' makes them")
        else:
            self.tell(f"shows {self.language or 'what was said'}; translations: {', '.join(there) or 'none yet'}")

    def _evidence(self, _: str) -> None:
        line = self.newest_answer()
        if line is None:
            self.tell("nothing was answered yet")
        else:
            self.tell("\n".join(evidence_lines(line, self.view)))

    def _watch(self, url: str) -> None:
        refused = self._backend.watch(url)
        self.tell(f"not watched: {refused}" if refused else f"watches {url[:200]}")

    def _toggle_remarks(self) -> None:
        self.remarks = not self.remarks
        self._backend.send({"type": "remarks", "on": self.remarks})
        self.tell("speaks unasked" if self.remarks else "speaks only when asked")

    def _save(self, name: str) -> None:
        path = Path(name or "conversation.txt").expanduser()
        try:
            with path.open("x", encoding="utf-8") as file:
                for line in self.view.lines:
                    file.write(f"{stamp(line)} {line.who}: {line.text}\n")
                    if line.who == "heed":
                        file.writelines(f"    {one}\n" for one in evidence_lines(line, self.view))
        except (OSError, ValueError) as error:
            why = error.strerror if isinstance(error, OSError) else str(error)
            self.tell(f"cannot write {path}: {why}")
        else:
            self.tell(f"written to {path}")


def moment_text(moment: Moment) -> str:
    """`0:12 front door: a person enters`."""
    where = moment.source if moment.kind == "alert" else place(moment.source)
    return f"{stamp(moment)} {where}: {moment.severity + ' ' if moment.severity else ''}{moment.text}"


def evidence_lines(line: Line, view: View) -> list[str]:
    """What an answer rests on, numbered as its marks are."""
    found = [(n, view.moment(name)) for n, name in enumerate(line.evidence, 1)]
    told = [f"[{n}] {moment_text(moment) if moment else 'a moment that is no longer kept'}" for n, moment in found]
    return told or ["rests on nothing perceived"]


def found_line(hit: Moment | Line | Subtitle) -> str:
    """A hit of a search."""
    if isinstance(hit, Moment):
        return moment_text(hit)
    who = hit.who if isinstance(hit, Line) else (hit.speaker or place(hit.source))
    return f"{stamp(hit)} {who}: {hit.text}"


def rules(view: View) -> list[str]:
    """A line for each rule that raised an alert."""
    raised: dict[str, list[Line]] = {}
    for line in view.lines:
        if line.who == "alert":
            raised.setdefault(line.label, []).append(line)
    return [
        f"{name}: {len(lines)} alert{'s' if len(lines) > 1 else ''}, last at {stamp(lines[-1])}: {lines[-1].text}"
        for name, lines in raised.items()
    ]
