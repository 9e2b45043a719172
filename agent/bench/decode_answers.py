"""Tokens a second of answers about a day that is held, with guesses read off its percepts and without.

Single steps measure the decoder. An answer about what was perceived repeats much of it, and several of its tokens are
settled in one pass (`dialog.model.drafts`); so this is measured on answers.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

DAYS, PER_DAY, TOKENS = 3, 6, 256
"""Held-out days, questions about each, and the state tokens that a day fills."""


class Answers:
    """The same questions again and again."""

    def __init__(self, host: Any, adapter: Path) -> None:
        from dialog.model.adapter import load_adapter
        from dialog.model.engine import Engine
        from dialog.training.evaluate import sized_logs

        self._engine = Engine(host, load_adapter(adapter)[0])
        self._logs = []
        for log in sized_logs((TOKENS,), DAYS, PER_DAY, lambda line: len(host.encode(line))):
            memory = self._engine.memory(4 * TOKENS)
            memory.put_many([(fact.percept.id, fact.line, fact.percept.t0_ns) for fact in log.day.facts])
            self._logs.append((log, memory))
        self.told: dict[bool, list[list[int]]] = {}
        """Tokens of each answer, with guesses and without."""

    def rate(self, drafts: bool) -> Callable[[], float]:
        """One round: tokens a second after the prompt has been read."""

        def once() -> float:
            spent, told = 0.0, []
            for log, memory in self._logs:
                for asked in log.questions:
                    run = self._start(log.day, asked, memory)
                    run.asking.drafts = drafts
                    run.prefill()
                    start = time.perf_counter()
                    run.run()
                    spent += time.perf_counter() - start
                    told.append(run.tokens)
            self.told[drafts] = told
            return sum(len(tokens) + 1 for tokens in told) / spent

        return once

    def _start(self, day: Any, asked: Any, memory: Any) -> Any:
        from dialog.model.chat import chat_prompt
        from dialog.model.span import asked_span

        prompt = self._engine.host.encode(chat_prompt(asked.text, day.now, asked.history))
        run = self._engine.start(prompt, memory, day.now_ns)
        run.asking.span = asked_span(asked.text, day.now, day.now_ns)
        return run

    def note(self) -> str:
        """How many answers are the same with guesses as without."""
        same = sum(a == b for a, b in zip(self.told[True], self.told[False], strict=True))
        return f"with guesses read off the percepts {same} of {len(self.told[True])} answers are the same as without"
