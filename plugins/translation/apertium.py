"""Apertium (https://apertium.org, Forcada et al. 2011): rules and dictionaries, offline, a few megabytes a pair.

A pair is a row of programs joined by pipes, as its mode file says. They are started once, directly, and kept: with
`-z` each of them passes on what it has at every zero byte, so that a segment takes milliseconds. The `apertium`
script itself is not used for this: its filters in between hold text back until more comes.
"""

from __future__ import annotations

import os
import re
import select
import shlex
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from plugins.translation.translator import LANGUAGES, TranslationError, check

MODES = Path("/usr/share/apertium/modes")
TIMEOUT_S = 20.0
"""For the next bytes of a translation: dictionaries are loaded within the first one."""
MAX_ANSWER_BYTES = 64 * 1024

_ESCAPED = re.compile(r"([\[\]{}^$/\\@<>])")
_PROGRAMS = re.compile(r"(apertium|lt|lrx|lsx|cg|rtx|hfst)-[a-z0-9-]+")
_DEBIAN: Mapping[str, str] = MappingProxyType(
    {
        "cg-proc": "cg3",
        "hfst-proc": "hfst",
        "lrx-proc": "apertium-lex-tools",
        "lsx-proc": "apertium-separable",
        "rtx-proc": "apertium-recursive",
    }
)
"""Debian's package of the programs that some pairs use and do not depend on."""
_PLACES: Mapping[str, tuple[str, ...]] = MappingProxyType({"$1": ("-n",), "$2": ()})
"""What stands for the arguments of a mode file: `-n` leaves unknown words as they are, without a mark."""


class Apertium:
    """Implements `Translator` with the pairs that are installed."""

    name = "apertium"

    def __init__(self, modes: Path = MODES, timeout_s: float = TIMEOUT_S) -> None:
        self._modes, self._timeout_s = modes, timeout_s
        self._running: dict[str, _Row] = {}

    def pairs(self) -> frozenset[tuple[str, str]]:
        """The installed pairs whose languages have a code; empty without Apertium."""
        return frozenset(self._names())

    def translate(self, segments: Sequence[str], source: str, target: str) -> list[str]:
        """See `Translator.translate`. What fails is stopped, and started anew with the next segment."""
        check(segments)
        name = self._names().get((source, target))
        if name is None:
            raise TranslationError(f"Apertium has no pair {source}-{target} here")
        row = self._running.get(name)
        if row is None:
            row = self._running[name] = _Row(stages(self._modes / f"{name}.mode"), self._timeout_s)
        try:
            return [finish(row.pass_through(segment), target) if segment.strip() else "" for segment in segments]
        except TranslationError as error:
            row.close()
            del self._running[name]
            raise TranslationError(f"Apertium, {name}: {error}") from error

    def close(self) -> None:
        """Stop the processes."""
        for row in self._running.values():
            row.close()
        self._running.clear()

    def _names(self) -> dict[tuple[str, str], str]:
        """Mode by pair; old pairs are named by two letters, new ones by three."""
        codes = {long: short for short, long in LANGUAGES.items()} | {short: short for short in LANGUAGES}
        found: dict[tuple[str, str], str] = {}
        if shutil.which("apertium-transfer") is None:
            return found
        for path in sorted(self._modes.glob("*-*.mode")):
            left, _, right = path.stem.partition("-")
            if left in codes and right in codes:
                found.setdefault((codes[left], codes[right]), path.stem)
        return found


def stages(mode: Path) -> list[list[str]]:
    """The commands of a mode file, each as its arguments, with zero-byte flushing.

    Raises:
        TranslationError: the file cannot be read, or holds more than a row of Apertium's programs.
    """
    try:
        words = shlex.split(mode.read_text(encoding="utf-8"), comments=True)
    except (OSError, ValueError) as error:
        raise TranslationError(f"cannot read {mode.name}: {error}") from error
    row: list[list[str]] = [[]]
    for word in words:
        if word == "|":
            row.append([])
        else:
            row[-1].extend(_PLACES.get(word, (word,)))
    for command in row:
        if not command or not _PROGRAMS.fullmatch(Path(command[0]).name) or any(";" in word for word in command):
            raise TranslationError(f"{mode.name} is not a plain row of Apertium's programs")
        if "-z" not in command:
            command.insert(1, "-z")
    return row


class _Row:
    """A running row of programs."""

    def __init__(self, commands: list[list[str]], timeout_s: float) -> None:
        self._timeout_s, self._number = timeout_s, 0
        self._processes: list[subprocess.Popen[bytes]] = []
        before: int | None = None
        try:
            for command in commands:
                process = subprocess.Popen(
                    command,
                    stdin=subprocess.PIPE if before is None else before,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    bufsize=0,
                    env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},
                )
                self._processes.append(process)
                if before is not None:  # the child has it now; kept here too, its end would never be noticed
                    os.close(before)
                assert process.stdout is not None
                before = os.dup(process.stdout.fileno())
                process.stdout.close()
        except OSError as error:
            self.close()
            name = Path(command[0]).name
            mend = f"; install with: sudo apt-get install {_DEBIAN[name]}" if name in _DEBIAN else ""
            raise TranslationError(f"cannot start {name}: {error.strerror or error}{mend}") from error
        assert before is not None
        self._out = before

    def pass_through(self, segment: str) -> str:
        """A segment's translation.

        Raises:
            TranslationError: no answer in time, too long a one, or a program died.
        """
        stdin = self._processes[0].stdin
        assert stdin is not None
        clean = " ".join("".join(c if c.isprintable() else " " for c in segment).split())
        ended = clean if clean[-1:] in ".?!:;…" else f"{clean} ."
        # A blank in brackets closes the sentence for the tagger, as Apertium's own filter for plain text does. It comes
        # back as it is: by its number an answer is known to be that of this segment, and whole.
        self._number += 1
        mark = f"[][\n{self._number}]"
        line = _ESCAPED.sub(r"\\\1", ended) + mark + "\0"
        try:
            stdin.write(line.encode())
            answer = self._read()
        except OSError as error:
            raise TranslationError(f"a program ended: {error.strerror or error}") from error
        if not answer.endswith(mark):
            raise TranslationError("a program ended, or lost its place")
        text = re.sub(r"\\(.)", r"\1", answer.removesuffix(mark).strip())
        return text if ended == clean else text.removesuffix(".").rstrip()

    def _read(self) -> str:
        answer = b""
        while not answer.endswith(b"\0"):
            ready, _, _ = select.select([self._out], [], [], self._timeout_s)
            if not ready:
                raise TranslationError(f"no answer within {self._timeout_s:g} s")
            piece = os.read(self._out, 4096)
            answer += piece
            if not piece:
                raise TranslationError("a program ended")
            if len(answer) > MAX_ANSWER_BYTES:
                raise TranslationError(f"an answer longer than {MAX_ANSWER_BYTES} bytes")
        return answer.rstrip(b"\0").decode(errors="replace")

    def close(self) -> None:
        """End the programs."""
        for process in self._processes:
            process.kill()
        for process in self._processes:
            process.wait()
            if process.stdin is not None:
                process.stdin.close()
        if self._processes and getattr(self, "_out", -1) >= 0:
            os.close(self._out)
            self._out = -1
        self._processes.clear()


def finish(text: str, target: str) -> str:
    """Blanks and capitals as they are written; in Spanish, the opening question and exclamation marks."""
    text = re.sub(r"\s+", " ", text).strip()
    text = re.sub(r"\s+([.,;:!?…%)\]])", r"\1", text)
    if target in ("es", "ast", "gl"):
        text = re.sub(r"(?:^|(?<=[.!?…] ))([^.!?…¿¡]+)([?!])", _opened, text)
    return text


def _opened(found: re.Match[str]) -> str:
    sentence, mark = found.groups()
    return f"{'¿' if mark == '?' else '¡'}{sentence}{mark}"
