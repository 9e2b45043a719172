"""Copying: where an answer repeats what a percept says, its next token is taken from the percept.

A small model reads a name or number that it has never met and then writes a likelier one. So a pointer looks for the
place in the state that says what comes next, and a gate says how far to trust it:

    p(token) = (1 - g) p_model(token) + g * sum of the pointer's attention to state tokens that are this token

(See, Liu and Manning, pointer-generator networks, 2017; Merity et al., pointer sentinel mixture models, 2016.)
"""

from __future__ import annotations

from dataclasses import replace

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from dialog.model.decoder import Dense, Weights

CLOSED = -3.0
"""The gate's bias before training: a twentieth of the trust."""

FLOOR = 1e-20
"""Stands for a chance of nothing, of which there is no logarithm."""


class Copier(nn.Module):
    """Pointer and gate. Queries come from the model's last hidden state, keys from what the last site reads."""

    def __init__(self, width: int, dim: int, random: torch.Generator) -> None:
        super().__init__()
        start = torch.randn(dim, width, generator=random) * width**-0.5
        self.query = nn.Parameter(start.clone())
        self.key = nn.Parameter(start.clone())
        self.gate = nn.Parameter(torch.zeros(width))
        self.bias = nn.Parameter(torch.tensor(CLOSED))

    @property
    def dim(self) -> int:
        return self.query.shape[0]

    def keys(self, x: Tensor) -> Tensor:
        """Normed hidden states of state tokens at the last site `[..., width]` -> float32 `[..., dim]`."""
        return F.linear(x, self.key.to(x.dtype)).float()

    def widened(self, weights: Weights) -> Weights:
        """The model with a head that gives queries and the gate, too, as further entries behind the logits: so every
        decoder can copy without knowing of it."""
        base = weights.head
        assert isinstance(base, Dense)
        extra = torch.cat([self.query, self.gate[None]]).detach().to(base.weight)
        bias = None if base.bias is None else F.pad(base.bias, (0, len(extra)))
        shape = replace(weights.shape, vocab=weights.shape.vocab + len(extra))
        rows = base.weight[: weights.shape.vocab]
        return replace(weights, shape=shape, head=Dense(torch.cat([rows, extra]), bias))

    def split(self, wide: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """What a widened head gives `[..., vocab + dim + 1]` -> logits, queries `[..., dim]`, openness `[...]`."""
        logits, query, gate = wide.split([wide.shape[-1] - self.dim - 1, self.dim, 1], dim=-1)
        return logits, query, gate[..., 0] + self.bias

    def asked(self, hidden: Tensor) -> tuple[Tensor, Tensor]:
        """Last hidden states `[..., width]` -> queries `[..., dim]` and openness `[...]` (the gate's logit)."""
        query = F.linear(hidden, self.query.to(hidden.dtype)).float()
        return query, hidden.float() @ self.gate + self.bias

    def attention(self, query: Tensor, keys: Tensor, hidden: Tensor | None = None) -> Tensor:
        """Queries `[..., A, dim]` over keys `[S, dim]` -> shares `[..., A, S]`; `hidden` is True where one must not
        look."""
        scores = query @ keys.T * self.dim**-0.5
        if hidden is not None:
            scores = scores.masked_fill(hidden, -torch.inf)
        return scores.softmax(-1)


def mixed(logits: Tensor, openness: Tensor, shares: Tensor, ids: Tensor) -> Tensor:
    """Log-probabilities `[..., vocab]` of model and pointer together.

    Args:
        logits: of the model, `[..., vocab]`.
        openness: logit of the gate, `[...]`.
        shares: the pointer's attention, `[..., S]`.
        ids: the token that stands at each place, `[S]`.
    """
    chances = logits.float().log_softmax(-1)
    # The chance of each place's token, over all where it stands: few, so the vocabulary is passed over once.
    copied = shares @ (ids[:, None] == ids).to(shares)
    closed = F.logsigmoid(-openness)[..., None]
    return (chances + closed).index_copy(-1, ids, either(chances[..., ids], openness[..., None], copied))


def either(chances: Tensor, openness: Tensor, copied: Tensor) -> Tensor:
    """Log-probability of a token: the model's own, and the chance that it is copied, weighed by the gate."""
    return torch.logaddexp(chances + F.logsigmoid(-openness), copied.clamp_min(FLOOR).log() + F.logsigmoid(openness))
