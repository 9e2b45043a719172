"""Any causal language model of transformers, for fusion by prompt: from a folder, or from a hub by its id."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from dialog.model.chat import Turn
from dialog.model.cited import Cited
from dialog.model.load import pick_device
from streams.errors import ModelError


class HubModel:
    """A model in transformers' own classes. Loaded once, shared by conversations."""

    auto_class = "AutoModelForCausalLM"
    """transformers' class that loads it."""

    def __init__(self, name: str, device: str = "auto") -> None:
        """`name` is a folder or a hub id. Raises `ModelError` when it cannot be loaded."""
        import transformers

        at = pick_device(device)
        dtype = torch.float32 if at.type == "cpu" else torch.bfloat16
        try:
            self.tokenizer: Any = transformers.AutoTokenizer.from_pretrained(name)
            loader = getattr(transformers, self.auto_class)
            self.model: Any = loader.from_pretrained(name, dtype=dtype).to(at).eval()
        except (OSError, ValueError, KeyError, ImportError) as error:
            reason = (str(error).strip() or type(error).__name__).splitlines()[0]
            raise ModelError(f'the language model "{name}" cannot be loaded: {reason}') from error
        self.device = at
        text_config = self.model.config.get_text_config()
        self.context = int(getattr(text_config, "max_position_embeddings", 0) or 2048)
        end = self.model.generation_config.eos_token_id or self.tokenizer.eos_token_id
        self.ends = {int(e) for e in (end if isinstance(end, list) else [end]) if e is not None}

    def prompt(self, system: str, history: Sequence[Turn], user: str) -> list[int]:
        """Tokens up to where the answer begins, in the model's own chat form where it has one."""
        messages = [{"role": "system", "content": system}] if system else []
        for turn in history:
            messages.append({"role": "user", "content": turn.question})
            messages.append({"role": "assistant", "content": turn.answer})
        messages.append({"role": "user", "content": user})
        if self.tokenizer.chat_template:
            text = self.tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
            return list(self.tokenizer(text, add_special_tokens=False).input_ids)
        lines = [f"{m['role'].capitalize()}: {m['content']}" for m in messages]
        return list(self.tokenizer("\n".join([*lines, "Assistant:"])).input_ids)


class HubGeneration:
    """An answer in the making, greedily, token by token."""

    def __init__(self, model: HubModel, prompt: list[int], max_new_tokens: int, cache: Any = None) -> None:
        """`prompt` is cut at the front when it is too long; `cache` is transformers' own, with what it is to hold."""
        self.text = ""
        self.tokens: list[int] = []
        self.done = False
        self._model, self._max = model, max_new_tokens
        room = max(1, model.context - max_new_tokens)
        self._next = prompt[-room:]
        self._cache = cache
        self._pending: list[int] = []

    @torch.inference_mode()
    def step(self) -> str | None:
        """The next piece of text (may be empty), or None at the end."""
        if self.done:
            return None
        ids = torch.tensor([self._next], device=self._model.device)
        out = self._model.model(input_ids=ids, past_key_values=self._cache, use_cache=True)
        self._cache = out.past_key_values
        token = int(out.logits[0, -1].argmax())
        self._next = [token]
        ends = token in self._model.ends
        if not ends:
            self.tokens.append(token)
            self._pending.append(token)
        self.done = self.done or ends or len(self.tokens) >= self._max
        if ends and not self._pending:
            return None
        piece = str(self._model.tokenizer.decode(self._pending, skip_special_tokens=True))
        if piece.endswith("\ufffd") and not self.done:
            return ""
        self._pending = []
        self.text += piece
        return piece

    def cancel(self) -> None:
        """Stop; safe from any thread."""
        self.done = True

    def evidence(self) -> list[Cited]:
        """Nothing: what a prompt's text contributed is not traced."""
        return []
