"""Models with a cross-attention of their own (Mllama, as in Llama-3.2-Vision), driven by the rolling state untrained.

What such a model was trained to attend to is pictures: `see` runs a picture through its own vision tower once, on
arrival, and keeps the keys and values of its cross-attention layers in a bounded memory. Sentences about what was
perceived stay in the prompt, since these layers cannot read text. It was trained on one picture at a time and is blind
to their order, so this is a way to try such models, not a replacement for a trained adapter.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from dialog.model.chat import Turn, question_text
from dialog.model.ends import hub_sentence_ends
from dialog.model.hub import HubGeneration, HubModel
from dialog.model.lines import Lines
from streams.errors import ModelError

Rows = list[tuple[Tensor, Tensor]]
"""Keys and values `[1, KV, n, D]` for each cross-attention layer."""

PICTURES = 4
"""Pictures that are remembered."""


class NativeModel(HubModel):
    """An Mllama model, loaded once, shared by conversations."""

    auto_class = "AutoModelForImageTextToText"

    def __init__(self, name: str, device: str = "auto") -> None:
        """Raises `ModelError` when it cannot be loaded or has no cross-attention of its own."""
        super().__init__(name, device)
        self.name = name
        inner = getattr(self.model, "model", None)
        text: Any = getattr(inner, "language_model", None)
        layers = getattr(text, "cross_attention_layers", None)
        if not layers:
            raise ModelError(f'"{name}" has no cross-attention of its own; use fusion = "prompt"')
        self.text, self.layers = text, list(layers)
        for i in self.layers:
            # Causal by mistake where no mask is given (transformers issue 48172): later pictures would be unseen.
            self.text.layers[i].cross_attn.is_causal = False
        self._pictures: Any = None

    @torch.inference_mode()
    def picture_states(self, rgb: NDArray[np.uint8]) -> Tensor:
        """A picture `[height, width, 3]` -> what the text model attends to, `[n, hidden]`; padded tiles left out."""
        if self._pictures is None:
            from transformers import AutoImageProcessor

            self._pictures = AutoImageProcessor.from_pretrained(self.name)
        given = self._pictures(rgb, return_tensors="pt").to(self.device)
        inner = self.model.model
        seen = inner.vision_model(
            pixel_values=given["pixel_values"].to(self.model.dtype),
            aspect_ratio_ids=given["aspect_ratio_ids"],
            aspect_ratio_mask=given["aspect_ratio_mask"],
        ).last_hidden_state
        used = given["aspect_ratio_mask"].flatten().bool()
        tiles = seen.reshape(len(used), -1, seen.shape[-1])[used]
        states: Tensor = inner.multi_modal_projector(tiles)
        return states.reshape(-1, states.shape[-1])

    @torch.inference_mode()
    def rows(self, states: Tensor) -> Rows:
        """States `[n, hidden]` -> keys and values of every cross-attention layer."""
        found = []
        for i in self.layers:
            site = self.text.layers[i].cross_attn
            shape = (1, len(states), site.num_key_value_heads, site.head_dim)
            k = site.k_norm(site.k_proj(states).view(shape).transpose(1, 2))
            found.append((k, site.v_proj(states).view(shape).transpose(1, 2)))
        return found

    def cache(self, remembered: Sequence[Rows]) -> Any:
        """A fresh cache whose cross-attention layers hold what is remembered."""
        from transformers import DynamicCache

        cache = DynamicCache(config=self.model.config)
        for n, layer in enumerate(self.layers):
            if remembered:
                k = torch.cat([rows[n][0] for rows in remembered], dim=2)
                v = torch.cat([rows[n][1] for rows in remembered], dim=2)
                cache.update(k, v, layer)
        return cache


class Native:
    """Sentences in the prompt, pictures through the model's own cross-attention."""

    def __init__(self, model: NativeModel, memory_tokens: int = 1024) -> None:
        self._model, self._memory_tokens = model, memory_tokens
        self._lines = Lines(memory_tokens)
        self._pictures: OrderedDict[str, Rows] = OrderedDict()
        self._lock = threading.Lock()

    def remember(self, percept_id: str, line: str, t_ns: int, pinned: bool = False) -> Sequence[str]:
        return self._lines.add(percept_id, line, pinned)

    def remember_many(self, percepts: Sequence[tuple[str, str, int]]) -> None:
        for percept_id, line, t_ns in percepts:
            self.remember(percept_id, line, t_ns)

    def see(self, percept_id: str, rgb: NDArray[np.uint8]) -> None:
        """Take in a picture `[height, width, 3]`: encoded here, once. The oldest of `PICTURES` gives way."""
        self.attend_to(percept_id, self._model.picture_states(rgb))

    def attend_to(self, percept_id: str, states: Tensor) -> None:
        """As `see`, with the states `[n, hidden]` at hand."""
        rows = self._model.rows(states)
        with self._lock:
            self._pictures.pop(percept_id, None)
            self._pictures[percept_id] = rows
            while len(self._pictures) > PICTURES:
                self._pictures.popitem(last=False)

    def forget(self, percept_id: str) -> None:
        self._lines.forget(percept_id)
        with self._lock:
            self._pictures.pop(percept_id, None)

    def prepare(self, question: str, history: Sequence[Turn], now: str, now_ns: int, max_new_tokens: int = 80) -> None:
        """Nothing is computed ahead: the sentences stand in the prompt and change with each percept."""

    def ask(
        self, question: str, history: Sequence[Turn], now: str, now_ns: int, max_new_tokens: int = 80
    ) -> HubGeneration:
        with self._lock:
            cache = self._model.cache(list(self._pictures.values()))
        prompt = self._model.prompt(self._lines.system(), history, question_text(question, now))
        return HubGeneration(self._model, prompt, max_new_tokens, cache)

    def finished(self, words: str) -> float:
        return hub_sentence_ends(self._model, words)

    def fork(self, memory_tokens: int | None = None) -> Native:
        return Native(self._model, memory_tokens or self._memory_tokens)

    def __len__(self) -> int:
        return len(self._lines) + len(self._pictures)
