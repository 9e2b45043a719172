"""How percepts reach the language model: one interface, several ways.

* `cross_attention` - the default: each percept is encoded once, on arrival, and read by cross-attention
* `prompt` - percepts as text in the prompt: for any model without an adapter, and the baseline of every report
* `native` - models with a cross-attention of their own (`dialog.model.native`)
* `none` - the plain model
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from dialog.model.adapter import load_adapter
from dialog.model.chat import Turn, chat_prompt, question_text
from dialog.model.cited import Cited
from dialog.model.ends import hub_sentence_ends, sentence_ends
from dialog.model.engine import Engine, Generation
from dialog.model.evidence import evidence
from dialog.model.hub import HubGeneration, HubModel
from dialog.model.lines import Lines
from dialog.model.load import load_host, read_config, read_width
from dialog.model.machine import loading_threads
from dialog.model.memory import StateMemory
from dialog.model.reckon import Reckoner
from dialog.model.span import asked_span
from streams.errors import ModelError

KINDS = ("cross_attention", "prompt", "native", "none")

ADAPTERS = Path(__file__).parent / "adapters"
"""Adapters that come with heed, by the name of their model."""

MAX_QUESTION_TOKENS = 512


class Answer(Protocol):
    """An answer in the making."""

    @property
    def text(self) -> str:
        """What has been said so far."""
        ...

    @property
    def tokens(self) -> list[int]:
        """Token ids so far."""
        ...

    def step(self) -> str | None:
        """The next piece of text (may be empty), or None at the end. Blocks for one token."""
        ...

    def cancel(self) -> None:
        """Stop; safe from any thread."""
        ...

    def evidence(self) -> list[Cited]:
        """The answer's sentences, each with the percepts that it rests on. Call it when the answer is complete."""
        ...


class Fusion(Protocol):
    """A model that knows what was perceived. Several conversations may share it: each answer has a cache of its own,
    and `remember` may be called while answers are made."""

    def remember(self, percept_id: str, line: str, t_ns: int, pinned: bool = False) -> Sequence[str]: ...

    def remember_many(self, percepts: Sequence[tuple[str, str, int]]) -> None: ...

    def forget(self, percept_id: str) -> None: ...

    def prepare(self, question: str, history: Sequence[Turn], now: str, now_ns: int, max_new_tokens: int = 80) -> None:
        """Compute ahead for `ask` with the same arguments; see `dialog.mind.Mind`."""
        ...

    def ask(self, question: str, history: Sequence[Turn], now: str, now_ns: int, max_new_tokens: int = 80) -> Answer:
        """Begin an answer. `now` is the time as people say it, `now_ns` stream time."""
        ...

    def finished(self, words: str) -> float:
        """How likely a user's sentence ends after these words; see `dialog.mind.Mind`."""
        ...

    def fork(self, memory_tokens: int | None = None) -> Fusion:
        """Another conversation with an empty memory, of the same size unless one is given, and the same weights."""
        ...

    def __len__(self) -> int:
        """Percepts held."""
        ...


class _EngineAnswer:
    """A `Generation` with its evidence, and with its marks of time reckoned."""

    def __init__(self, engine: Engine, generation: Generation) -> None:
        self._engine, self._generation = engine, generation
        asking = generation.asking
        self._reckoner = (
            None if asking.memory is None else Reckoner(asking.clocks, asking.now_ns, asking.lines, asking.question)
        )
        self._ended = False
        self.text = ""

    @property
    def tokens(self) -> list[int]:
        return self._generation.tokens

    def step(self) -> str | None:
        piece = self._generation.step()
        if self._reckoner is not None and not self._ended:
            self._ended = piece is None
            piece = self._reckoner.feed(piece) if piece is not None else self._reckoner.end() or None
        self.text += piece or ""
        return piece

    def cancel(self) -> None:
        self._generation.cancel()

    def evidence(self) -> list[Cited]:
        found = evidence(self._engine, self._generation)
        return [replace(one, text=self._reckoner.whole(one.text)) for one in found] if self._reckoner else found


@dataclass(slots=True)
class _Prepared:
    """An answer whose prompt was read ahead of the question."""

    prompt: list[int]
    max_new_tokens: int
    serial: int
    generation: Generation


class CrossAttention:
    """The default way: percepts are encoded on arrival, and read inside the model's own attention."""

    def __init__(self, engine: Engine, memory_tokens: int = 1024) -> None:
        self._engine, self._memory_tokens = engine, memory_tokens
        self.memory: StateMemory = engine.memory(memory_tokens)
        self._prepared: _Prepared | None = None

    def remember(self, percept_id: str, line: str, t_ns: int, pinned: bool = False) -> Sequence[str]:
        return self.memory.put(percept_id, line, t_ns, pinned)

    def remember_many(self, percepts: Sequence[tuple[str, str, int]]) -> None:
        for i in range(0, len(percepts), 16):
            self.memory.put_many(percepts[i : i + 16])

    def forget(self, percept_id: str) -> None:
        self._prepared = None
        self.memory.forget(percept_id)

    def prepare(self, question: str, history: Sequence[Turn], now: str, now_ns: int, max_new_tokens: int = 80) -> None:
        prompt = _chat_tokens(self._engine, question, now, history, "")
        generation = self._start(question, prompt, now, now_ns, max_new_tokens)
        self._prepared = _Prepared(prompt, max_new_tokens, self.memory.serial, generation)
        generation.prefill()

    def ask(self, question: str, history: Sequence[Turn], now: str, now_ns: int, max_new_tokens: int = 80) -> Answer:
        prompt = _chat_tokens(self._engine, question, now, history, "")
        ready, self._prepared = self._prepared, None
        ours = ready is not None and (ready.prompt, ready.max_new_tokens) == (prompt, max_new_tokens)
        if ready is not None and ours and ready.serial == self.memory.serial:
            ready.generation.asking.now_ns = now_ns
            return _EngineAnswer(self._engine, ready.generation)
        # A cache of its own for each answer: several conversations share this memory, and their answers overlap.
        return _EngineAnswer(self._engine, self._start(question, prompt, now, now_ns, max_new_tokens))

    def _start(self, question: str, prompt: list[int], now: str, now_ns: int, max_new_tokens: int) -> Generation:
        generation = self._engine.start(prompt, self.memory, now_ns, max_new_tokens)
        generation.asking.span, generation.asking.question = asked_span(question, now, now_ns), question
        return generation

    def finished(self, words: str) -> float:
        return sentence_ends(self._engine, words)

    def fork(self, memory_tokens: int | None = None) -> CrossAttention:
        return CrossAttention(self._engine, memory_tokens or self._memory_tokens)

    def __len__(self) -> int:
        return len(self.memory)


class InPrompt:
    """Percepts as text in the prompt (`remembers`), or the plain model (not `remembers`)."""

    def __init__(self, model: Engine | HubModel, memory_tokens: int = 1024, remembers: bool = True) -> None:
        self._model, self._memory_tokens, self._remembers = model, memory_tokens, remembers
        self._lines = Lines(memory_tokens)

    def remember(self, percept_id: str, line: str, t_ns: int, pinned: bool = False) -> Sequence[str]:
        return self._lines.add(percept_id, line, pinned) if self._remembers else ()

    def remember_many(self, percepts: Sequence[tuple[str, str, int]]) -> None:
        for percept_id, line, t_ns in percepts:
            self.remember(percept_id, line, t_ns)

    def forget(self, percept_id: str) -> None:
        self._lines.forget(percept_id)

    def ask(self, question: str, history: Sequence[Turn], now: str, now_ns: int, max_new_tokens: int = 80) -> Answer:
        system = self._lines.system()
        if isinstance(self._model, HubModel):
            asked = question_text(question, now if self._remembers else "")
            return HubGeneration(self._model, self._model.prompt(system, history, asked), max_new_tokens)
        prompt = _chat_tokens(self._model, question, now if self._remembers else "", history, system)
        return _EngineAnswer(self._model, self._model.start(prompt, None, now_ns, max_new_tokens))

    def prepare(self, question: str, history: Sequence[Turn], now: str, now_ns: int, max_new_tokens: int = 80) -> None:
        """Nothing is computed ahead: the prompt holds every percept and changes with each."""

    def finished(self, words: str) -> float:
        model = self._model
        return hub_sentence_ends(model, words) if isinstance(model, HubModel) else sentence_ends(model, words)

    def fork(self, memory_tokens: int | None = None) -> InPrompt:
        return InPrompt(self._model, memory_tokens or self._memory_tokens, self._remembers)

    def __len__(self) -> int:
        return len(self._lines)


def _chat_tokens(engine: Engine, question: str, now: str, history: Sequence[Turn], system: str) -> list[int]:
    """The prompt's tokens; the oldest turns go first when it is too long."""
    turns = list(history)
    while True:
        prompt = engine.host.encode(chat_prompt(question[:2000], now, turns, system))
        if len(prompt) <= MAX_QUESTION_TOKENS or not turns or (system and len(turns) <= 1):
            return prompt
        turns.pop(0)


def load_fusion(
    kind: str,
    model: str | Path,
    adapter: Path | None = None,
    memory_tokens: int = 1024,
    device: str = "auto",
    precision: str = "auto",
    threads: int = 0,
) -> Fusion:
    """Load a model (a transformers folder, or a hub id for `prompt`, `native` and `none`) and the way to fuse.

    `adapter` defaults to the one that comes with heed for a model of this name; `threads` as in `Engine`. Raises
    `ModelError` with what to do when a part is missing or does not fit.
    """
    if kind not in KINDS:
        raise ModelError(f'unknown fusion "{kind}"; use one of {", ".join(KINDS)}')
    folder = Path(model).expanduser()
    if kind == "native":
        from dialog.model.native import Native, NativeModel

        return Native(NativeModel(str(folder) if folder.is_dir() else str(model), device), memory_tokens)
    if kind == "cross_attention":
        if not folder.is_dir():
            raise ModelError(f'no model folder {folder}; fetch it with `heed models pull`, or use fusion = "prompt"')
        path = adapter or ADAPTERS / f"{folder.name}.safetensors"
        if not path.is_file():
            raise ModelError(
                f'no adapter for "{folder.name}" ({path}); train one with `heed train`, or use fusion = "prompt"'
            )
        with loading_threads(read_width(folder)):
            trained, _ = load_adapter(path)
            return CrossAttention(Engine(load_host(folder, device), trained, precision, threads), memory_tokens)
    remembers = kind == "prompt"
    if folder.is_dir() and _speaks_chatml(folder):
        return InPrompt(Engine(load_host(folder, device), None, precision, threads), memory_tokens, remembers)
    return InPrompt(HubModel(str(folder) if folder.is_dir() else str(model), device), memory_tokens, remembers)


def _speaks_chatml(folder: Path) -> bool:
    """Whether our own decoder and chat form fit the model in the folder."""
    if read_config(folder).get("model_type") != "llama":
        return False
    template = folder / "chat_template.jinja"
    try:
        text = template.read_text() if template.is_file() else ""
        settings = json.loads((folder / "tokenizer_config.json").read_text())
    except (OSError, ValueError):
        return False
    return "<|im_start|>" in text + str(settings.get("chat_template", ""))
