"""Whether the percepts named as evidence are those that an answer rests on: on days where that is known.

Three tests of an answer: its citations beside the planted evidence; deletion (how much less likely the answer is
without a percept, DeYoung et al., ERASER, 2020); and the swap (another value in a cited percept must change the answer,
another value elsewhere must not).
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from dialog.mind import Cited, rests_on
from dialog.model.chat import chat_prompt
from dialog.model.engine import Engine, Generation
from dialog.model.evidence import evidence
from dialog.model.memory import StateMemory
from dialog.model.pointing import tell
from dialog.model.reckon import MARK, Reckoner
from dialog.model.span import Span, asked_span
from dialog.training.asking import Question
from dialog.training.days import Day
from dialog.training.evaluate import MAX_NEW_TOKENS, Log, is_right
from dialog.training.judging import QUOTED, needed_ids, reckoned, to_copy
from dialog.training.statistics import Mean, Share
from dialog.training.swapping import Swap, has, swaps

AT_ONCE = 16
"""Percepts encoded at once."""


@dataclass(frozen=True, slots=True)
class Citations:
    """Named percepts beside needed ones, of a sentence or of an answer."""

    named: int
    named_needed: int
    needed: int
    needed_named: int
    """Needed percepts of which one that says the same is named."""


@dataclass(frozen=True, slots=True)
class Lost:
    """By how many nats the log-probability of a whole answer falls when a percept was never perceived."""

    cited: float
    """Without the first that is named."""
    random: float | None
    """Without any of those that were read and not named."""
    newest: float | None
    """Without the newest of those."""


@dataclass(frozen=True, slots=True)
class Examined:
    """One answer and its evidence."""

    asked: Question
    answer: str
    """With its marks as the model wrote them."""
    right: bool
    whole: Citations
    sentences: tuple[Citations, ...]
    lost: Lost | None = None
    swap: Swap | None = None
    changed: bool | None = None
    """Whether the answer took over the new value of a cited percept; None where there was nothing to exchange."""
    stayed: bool | None = None
    """Whether the answer stayed, letter by letter, when another percept changed."""


@dataclass(slots=True)
class EvidenceScore:
    """All answers that were examined."""

    examined: list[Examined] = field(default_factory=list)

    def shares(self) -> dict[str, Share]:
        """Precision and recall of citations, of answers that are right and of all; shares of the swap test."""
        found: dict[str, Share] = {"right_fact": Share.among(one.right for one in self.examined)}
        for group, chosen in (("right", [x for x in self.examined if x.right]), ("all", self.examined)):
            found[f"answer_precision_{group}"], found[f"answer_recall_{group}"] = _shares(x.whole for x in chosen)
            by_sentence = [sentence for x in chosen for sentence in x.sentences]
            found[f"sentence_precision_{group}"], found[f"sentence_recall_{group}"] = _shares(by_sentence)
            found[f"cites_{group}"] = Share.among(x.whole.named > 0 for x in chosen)
        found["swap_changes"] = Share.among(x.changed for x in self.examined if x.changed is not None)
        found["swap_elsewhere_stays"] = Share.among(x.stayed for x in self.examined if x.stayed is not None)
        return found

    def means(self) -> dict[str, Mean]:
        """Mean nats lost by deletion."""
        lost = [one.lost for one in self.examined if one.lost is not None]
        return {
            "lost_cited": Mean.over(x.cited for x in lost),
            "lost_random": Mean.over(x.random for x in lost if x.random is not None),
            "lost_newest": Mean.over(x.newest for x in lost if x.newest is not None),
        }


def _shares(counted: Iterable[Citations]) -> tuple[Share, Share]:
    """Precision and recall."""
    rows = list(counted)
    precision = Share(sum(row.named_needed for row in rows), sum(row.named for row in rows))
    return precision, Share(sum(row.needed_named for row in rows), sum(row.needed for row in rows))


def cite(day: Day, asked: Question, sentences: Sequence[Cited]) -> tuple[Citations, tuple[Citations, ...]]:
    """Citations of a whole answer (as it is shown), and of each sentence.

    A sentence needs those needed percepts whose names, numbers, times or words it repeats; all of them where it repeats
    none, or where it is the only one.
    """
    whole = _cited(day, asked, asked.evidence, rests_on(sentences))
    each = []
    for sentence in sentences:
        own = [i for i in asked.evidence if any(has(sentence.text, word) for word in _words(day, asked, i))]
        needed = own if own and len(sentences) > 1 else asked.evidence
        each.append(_cited(day, asked, needed, [name for name, _ in sentence.evidence]))
    return whole, tuple(each)


def _words(day: Day, asked: Question, i: int) -> list[str]:
    """By what one may know that a sentence tells this fact."""
    fact = day.facts[i]
    copies = [item.text for item in to_copy(day, asked) if has(fact.line, item.text)]
    return [fact.clock, *copies, *QUOTED.findall(fact.percept.text)]


def _cited(day: Day, asked: Question, needed: Sequence[int], named: Sequence[str]) -> Citations:
    fitting = needed_ids(day, asked)
    told = {(f.percept.source, f.percept.text) for f in day.facts if f.percept.id in named}
    found = [i for i in needed if (day.facts[i].percept.source, day.facts[i].percept.text) in told]
    return Citations(len(named), sum(name in fitting for name in named), len(needed), len(found))


def _told(generation: Generation) -> str:
    """An answer with what it points at, its marks of time left."""
    return tell(generation.text, generation.asking.lines)


class Planted:
    """Examines answers about one day. What it changes in the memory it puts back."""

    def __init__(self, engine: Engine, log: Log, rng: random.Random) -> None:
        self.engine, self.day, self.rng = engine, log.day, rng
        self.memory: StateMemory = engine.memory(max(2 * log.size, 1024))
        percepts = [(f.percept.id, f.line, f.percept.t0_ns) for f in log.day.facts]
        for first in range(0, len(percepts), AT_ONCE):
            self.memory.put_many(percepts[first : first + AT_ONCE])
        self._at = {f.percept.id: i for i, f in enumerate(log.day.facts)}
        self._span: Span | None = None
        self._question = ""

    def examine(self, asked: Question, tests: bool = True) -> Examined:
        """Ask, and compare the evidence; with `tests` also delete and swap where the answer is right and cites."""
        prompt = self.engine.host.encode(chat_prompt(asked.text, self.day.now, asked.history))
        self._span, self._question = asked_span(asked.text, self.day.now, self.day.now_ns), asked.text
        generation = self._ask(prompt)
        shown = Reckoner(generation.asking.clocks, self.day.now_ns).whole(answer := _told(generation))
        sentences = evidence(self.engine, generation)
        right = is_right(reckoned(self.day, asked), shown)
        whole, each = cite(self.day, asked, sentences)
        named = rests_on(sentences)
        base = Examined(asked, answer, right, whole, each)
        if not (tests and right and named):
            return base
        read = [name for part in generation.asking.read for name in part.names]
        others = [name for name in read if name not in named and name not in needed_ids(self.day, asked)]
        swap, changed = self._swapped(asked, prompt, answer, named)
        # Where the model only points, its own words do not depend on what they point at.
        lost = None if answer != generation.text else self._lost(prompt, generation.tokens, named[0], others)
        stayed = self._elsewhere(asked, prompt, answer, others)
        return Examined(asked, answer, right, whole, each, lost, swap, changed, stayed)

    def _ask(self, prompt: list[int]) -> Generation:
        generation = self.engine.start(prompt, self.memory, self.day.now_ns, MAX_NEW_TOKENS)
        generation.asking.span, generation.asking.question = self._span, self._question
        generation.run()
        return generation

    def _swapped(
        self, asked: Question, prompt: list[int], answer: str, named: Sequence[str]
    ) -> tuple[Swap | None, bool | None]:
        """Exchange a value that the answer took from its first cited percept, and from no other that it may rest on."""
        first = self._at[named[0]]
        others = {self._at[name] for name in named[1:]} | set(asked.evidence)
        elsewhere = " ".join(self.day.facts[i].line for i in others - {first})
        said = MARK.sub(" ", answer)
        for swap in swaps(self.day, first, self.rng, self._put_as(asked)):
            if has(said, swap.old) and not has(elsewhere, swap.old):
                told = MARK.sub(" ", self._with(swap, prompt))
                return swap, has(told, swap.new) and not has(told, swap.old)
        return None, None

    def _elsewhere(self, asked: Question, prompt: list[int], answer: str, others: Sequence[str]) -> bool | None:
        """Exchange a value of a percept that was read, not named and not needed."""
        for name in self.rng.sample(list(others), len(others)):
            possible = swaps(self.day, self._at[name], self.rng, f"{self._put_as(asked)} {answer}")
            if possible:
                return self._with(possible[0], prompt) == answer
        return None

    @staticmethod
    def _put_as(asked: Question) -> str:
        return " ".join([asked.text, *(f"{turn.question} {turn.answer}" for turn in asked.history)])

    def _with(self, swap: Swap, prompt: list[int]) -> str:
        """The answer with one percept changed."""
        percept = swap.fact.percept
        self.memory.put(percept.id, swap.fact.line, percept.t0_ns)
        try:
            return _told(self._ask(prompt))
        finally:
            self._put_back(percept.id)

    def _lost(self, prompt: list[int], answer: list[int], cited: str, others: Sequence[str]) -> Lost:
        whole = self.log_probability(prompt, answer)

        def without(name: str) -> float:
            self.memory.forget(name)
            try:
                return whole - self.log_probability(prompt, answer)
            finally:
                self._put_back(name)

        some = self.rng.choice(list(others)) if others else None
        newest = others[-1] if others else None
        return Lost(
            without(cited),
            None if some is None else without(some),
            None if newest is None else without(newest),
        )

    def _put_back(self, name: str) -> None:
        fact = self.day.facts[self._at[name]]
        self.memory.put(name, fact.line, fact.percept.t0_ns)

    def log_probability(self, prompt: list[int], answer: list[int]) -> float:
        """Of an answer's tokens and its end, given the memory as it is now, nats."""
        end = self.engine.host.weights.shape.end_token
        asking = self.engine.start(prompt, self.memory, self.day.now_ns, MAX_NEW_TOKENS).asking
        asking.span, asking.question = self._span, self._question
        logits = self.engine.advance(asking, prompt)
        total = 0.0
        for token in answer:
            total += float(logits.log_softmax(-1)[token])
            logits = self.engine.advance(asking, [token])
        return total + float(logits.log_softmax(-1)[end])
