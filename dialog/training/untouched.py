"""Whether a host with an adapter beside it is still the host: its text-only answers next to those of transformers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from dialog.model.chat import chat_prompt
from dialog.model.engine import Engine
from dialog.training.smalltalk import EVERY, EXCHANGES
from dialog.training.statistics import Share


def small_talk(count: int) -> list[str]:
    """Small talk that training does not see, `count` of it at most, from all over the list."""
    held_out = [said for n, (said, _) in enumerate(EXCHANGES) if n % EVERY == EVERY - 1]
    step = max(1, len(held_out) // max(count, 1))
    return held_out[::step][:count]


def untouched(
    engine: Engine, folder: Path, count: int, tokens: int = 32, each: Callable[[], None] | None = None
) -> Share:
    """How many small-talk questions get, without memory, the very tokens that plain `generate` gives, greedily.

    `engine` computes in float32 or bfloat16; transformers computes in the same. `each` is called after every question.
    """
    from transformers import AutoModelForCausalLM

    dtype, device = engine.host.weights.dtype, engine.host.weights.device
    model: Any = AutoModelForCausalLM.from_pretrained(folder, dtype=dtype).to(device).eval()
    end = engine.host.weights.shape.end_token
    same = []
    for said in small_talk(count):
        prompt = engine.host.encode(chat_prompt(said, ""))
        ours = engine.start(prompt, None, 0, tokens)
        ours.run()
        ids = torch.tensor([prompt], device=device)
        made = model.generate(
            ids, attention_mask=torch.ones_like(ids), max_new_tokens=tokens, do_sample=False,
            eos_token_id=end, pad_token_id=end,
        )  # fmt: skip
        theirs = [token for token in made[0, len(prompt) :].tolist() if token != end]
        same.append(ours.tokens == theirs)
        if each is not None:
            each()
    return Share.among(same)
