"""A mind that loads while the agent works: nothing perceived meanwhile is missing, and who asks waits."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

import pytest

from agent.late import LateMind
from dialog.model.fusion import Fusion
from streams.errors import ModelError


class Mind:
    """Notes what it is told; holds three percepts."""

    def __init__(self) -> None:
        self.held: list[str] = []
        self.prepared: list[str] = []

    def remember(self, percept_id: str, line: str, t_ns: int, pinned: bool = False) -> Sequence[str]:
        self.held.append(percept_id)
        gone, self.held = self.held[:-3], self.held[-3:]
        return gone

    def remember_many(self, percepts: Sequence[tuple[str, str, int]]) -> None:
        for percept_id, line, t_ns in percepts:
            self.remember(percept_id, line, t_ns)

    def forget(self, percept_id: str) -> None:
        self.held.remove(percept_id)

    def prepare(self, question: str, *rest: object) -> None:
        self.prepared.append(question)

    def ask(self, question: str, *rest: object) -> str:
        return f"{question} {' '.join(self.held)}"

    def finished(self, words: str) -> float:
        return 0.25

    def fork(self, tokens: int | None = None) -> Mind:
        return Mind()

    def __len__(self) -> int:
        return len(self.held)


def made() -> tuple[LateMind, Mind]:
    mind = Mind()
    return LateMind(lambda: cast(Fusion, mind)), mind


def load(late: LateMind) -> None:
    with ThreadPoolExecutor(1) as threads:
        late.begin(threads).result(10)


def asked(late: LateMind, question: str) -> Any:
    return late.ask(question, (), "0:00", 0)


def test_what_is_perceived_meanwhile_is_taken_in_before_the_first_question() -> None:
    late, mind = made()
    for name in ("a", "b", "c"):
        assert late.remember(name, "line", 0) == ()
    late.forget("b")
    late.prepare("early?", (), "0:00", 0)
    assert not late.ready and len(late) == 2 and not mind.held
    load(late)
    assert asked(late, "who?") == "who? a c" and mind.prepared == []
    late.prepare("later?", (), "0:00", 0)
    assert mind.prepared == ["later?"] and late.finished("so") == 0.25 and len(late) == 2


def test_what_had_to_make_room_is_told_with_the_next_percept() -> None:
    """Else the rolling state would show what the mind no longer holds."""
    late, mind = made()
    for name in "abcde":
        late.remember(name, "line", 0)
    load(late)
    asked(late, "who?")
    assert mind.held == ["c", "d", "e"]
    assert late.remember("f", "line", 0) == ["a", "b", "c"]
    assert late.remember("g", "line", 0) == ["d"]


def test_who_asks_waits_until_it_is_loaded() -> None:
    late, _ = made()
    with ThreadPoolExecutor(1) as threads:
        answer = threads.submit(asked, late, "who?")
        assert not answer.done()
        load(late)
        assert answer.result(10) == "who? "


def test_a_mind_that_cannot_be_loaded_fails_for_all_who_wait() -> None:
    def broken() -> Fusion:
        raise ModelError("no model")

    late = LateMind(broken)
    with ThreadPoolExecutor(1) as threads:
        answer = threads.submit(asked, late, "who?")
        with pytest.raises(ModelError, match="no model"):
            load(late)
        with pytest.raises(ModelError, match="no model"):
            answer.result(10)


def test_an_agent_that_ends_before_keeps_nobody_waiting() -> None:
    late, _ = made()
    with ThreadPoolExecutor(1) as threads:
        answer = threads.submit(asked, late, "who?")
        late.abandon()
        with pytest.raises(ModelError, match="ends before"):
            answer.result(10)


def test_what_is_being_loaded_is_waited_for_though_the_agent_ends() -> None:
    begun, go = threading.Event(), threading.Event()
    mind = Mind()

    def slow() -> Fusion:
        begun.set()
        assert go.wait(10)
        return cast(Fusion, mind)

    late = LateMind(slow)
    with ThreadPoolExecutor(1) as threads:
        loading = late.begin(threads)
        assert begun.wait(10)
        late.abandon()
        go.set()
        loading.result(10)
    assert late.ready and asked(late, "who?") == "who? "
