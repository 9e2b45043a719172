"""Questions against a file of percepts: what `heed ask` does, apart from how it is shown and where it runs.

What happens is told in messages, which are JSON objects so that they may come from another process: `status` (what it
is busy with), `note` (a line for the user), `reply` (as `agent.jsonl.to_dict`, with `places`: what to say of each
percept that it names).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from agent.config import Config, StateConfig
from agent.jsonl import to_dict
from agent.parts import limit_threads, load_mind
from agent.percepts_file import read_percepts
from agent.request import Message, Request
from dialog.answer import answer
from dialog.model.fusion import Fusion
from streams import wording
from streams.errors import MediaError
from streams.state import RollingState
from streams.tiers import estimate_tokens
from streams.types import Percept

MAX_TOKENS = 16_384
"""State tokens of a file that are held as they are; the oldest of a larger file are merged."""

BATCH = 16
"""Percepts encoded at once."""

FILES = 2
"""Files whose percepts stay encoded."""


@dataclass(frozen=True, slots=True)
class _Read:
    """A file whose percepts are encoded."""

    mind: Fusion
    places: dict[str, str]
    now_ns: int
    now: str
    note: str


class Asker:
    """Answers requests, one after another; keeps the model and the files that it read last. Blocking."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._models: dict[str, Fusion] = {}
        self._files: OrderedDict[tuple[str, ...], _Read] = OrderedDict()

    def messages(self, request: Request) -> Iterator[Message]:
        """Answer. Raises `HeedError` for a file, a moment or a model that cannot be used."""
        key = self._key(request)
        if key not in self._files:
            read = yield from self._reading(request)
            self._files[key] = read
            while len(self._files) > FILES:
                self._files.popitem(last=False)
        self._files.move_to_end(key)
        read = self._files[key]
        if read.note:
            yield {"note": read.note}
        for question in request.questions:
            reply = answer(read.mind, question, read.now, read.now_ns, self._config.dialog.max_new_tokens)
            named = {name: read.places[name] for name in reply.evidence if name in read.places}
            yield {"reply": to_dict(reply), "places": named}

    @staticmethod
    def _key(request: Request) -> tuple[str, ...]:
        """The file as it is now: written to, it is another."""
        try:
            found = Path(request.state).stat()
        except OSError:
            return ()  # read_percepts says why
        return (request.state, str(found.st_mtime_ns), str(found.st_size), request.now, request.fusion)

    def _reading(self, request: Request) -> Generator[Message, None, _Read]:
        file = read_percepts(Path(request.state))
        now_ns = file.time_ns(request.now) if request.now else max(p.t1_ns for p in file.percepts)
        known = [p for p in file.percepts if p.t0_ns <= now_ns]
        if not known:
            raise MediaError(f"nothing was perceived before {request.now}")
        yield {"status": "loading the language model"}
        sizes = _fitting(known, self._config.state, file.wall_start)
        mind = self._model(request.fusion).fork(sizes.tokens)
        held, note = _held(known, sizes, file.wall_start)
        lines = [(p.id, wording.line(p, file.wall_start), p.t0_ns) for p in held]
        for n in range(0, len(lines), BATCH):
            yield {"status": f"reading percepts: {n} of {len(lines)}"}
            mind.remember_many(lines[n : n + BATCH])
        places = {name: line for name, line, _ in lines}
        return _Read(mind, places, now_ns, wording.clock(now_ns, file.wall_start), note)

    def _model(self, fusion: str) -> Fusion:
        if fusion not in self._models:
            limit_threads(self._config)
            self._models[fusion] = load_mind(self._config, fusion or None, say=lambda line: None)
        return self._models[fusion]


def _fitting(known: Sequence[Percept], sizes: StateConfig, wall_start: datetime | None) -> StateConfig:
    """A state in which the whole file has room, up to `MAX_TOKENS`: it is read once, and does not grow."""
    needed = sum(estimate_tokens(wording.line(p, wall_start)) for p in known)
    return replace(sizes, tokens=max(sizes.tokens, min(needed + needed // 8, MAX_TOKENS)), per_source=len(known) + 1)


def _held(known: Sequence[Percept], sizes: StateConfig, wall_start: datetime | None) -> tuple[tuple[Percept, ...], str]:
    """What a state of that size holds of the percepts after it has seen them all, as it would have live; and a note
    where some were merged."""
    sources = max(sizes.sources, len({p.source for p in known}))
    state = RollingState(sizes.per_source, sources, sizes.tokens, wall_start)
    for percept in known:
        state.add(percept)
    held = state.snapshot(known[-1].t0_ns).percepts
    names = {p.id for p in known}
    as_they_were = sum(p.id in names for p in held)
    if as_they_were == len(known):
        return held, ""
    merged, spans = len(known) - as_they_were, len(held) - as_they_were
    return held, (
        f"the file is larger than the state ({sizes.tokens} tokens): the oldest {merged} of {len(known)} percepts "
        f"are merged into {spans} {'line' if spans == 1 else 'lines'}; [state] tokens sets its size"
    )
