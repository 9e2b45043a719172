"""The plain model's probability that a user's sentence ends after the words so far.

What stands for an end are the tokens that begin with a full stop, a question or exclamation mark, a line break or the
end of a turn; the recogniser's own marks are taken off before, because it sets them at every pause.
"""

from __future__ import annotations

import re
from typing import Any

import torch
from torch import Tensor

from dialog.model.chat import END, START
from dialog.model.engine import Engine
from dialog.model.hub import HubModel
from dialog.model.torch_decoder import TorchDecoder

ENDS = (".", "?", "!", "\n", '."', "?!", END)
MAX_WORDS = 64


def sentence_ends(engine: Engine, words: str) -> float:
    """0..1; one pass over the words, without memory and adapter."""
    plain = _plain(words)
    if not plain:
        return 0.0
    host = engine.host
    ids = host.encode(f"{START}user\n{plain}")
    decoder = TorchDecoder(host.weights, 1)
    cache = decoder.cache(len(ids))
    logits = decoder.upper(decoder.lower(ids, range(len(ids)), cache), range(len(ids)), cache)
    return _share(logits, [host.encode(end)[0] for end in ENDS])


def hub_sentence_ends(model: HubModel, words: str) -> float:
    """The same for a model in transformers' own classes."""
    plain = _plain(words)
    if not plain:
        return 0.0
    tokenizer: Any = model.tokenizer
    ids = torch.tensor([list(tokenizer(plain).input_ids)], device=model.device)
    with torch.inference_mode():
        logits = model.model(input_ids=ids).logits[0, -1].float()
    first = (tokenizer(end, add_special_tokens=False).input_ids[:1] for end in ENDS[:-1])
    return _share(logits, [*{token for ids in first for token in ids} | model.ends])


def _plain(words: str) -> str:
    """The last words, without marks at their ends."""
    kept = words.split()[-MAX_WORDS:]
    return " ".join(" ".join(re.sub(r"[.,?!;:…]+(?=\s|$)", "", word) for word in kept).split())


def _share(logits: Tensor, ends: list[int]) -> float:
    return float(logits.softmax(-1)[sorted(set(ends))].sum())
