"""What a decoder's rounding does to what it says: beside float32, token by token, on a fixed text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch

TEXT = """<|im_start|>system
Be brief.<|im_end|>
<|im_start|>user
Why is the sky blue and the sunset red?<|im_end|>
<|im_start|>assistant
The sky appears blue because molecules in the air scatter blue light from the sun more than they scatter red light. At \
sunset the light travels through more air, most of the blue is scattered away, and the red remains.<|im_end|>
<|im_start|>user
What happened in the kitchen?<|im_end|>
<|im_start|>assistant
14:00 kitchen: a person enters from the left
14:01 kitchen: Anna says: I will be back at half past three
14:02 kitchen: a dog barks twice
14:03 kitchen: the kettle boils
14:05 kitchen: a car with the sign M-AB 1234 stops
14:08 kitchen: Tom leaves through the door on the right<|im_end|>
<|im_start|>user
Tell me a story.<|im_end|>
<|im_start|>assistant
Once upon a time there was a small robot who lived by the sea. Every morning it walked along the beach and counted the \
boats. One day a boat arrived that was not on its list, and the robot did not know what to do. It asked the seagulls, \
but they only laughed. So it went to the old lighthouse keeper and said: there is a boat that I cannot count.<|im_end|>
"""


@dataclass(frozen=True, slots=True)
class Quality:
    """Beside the same weights in float32."""

    kl: float
    """Mean Kullback-Leibler divergence, nats a token."""
    same: float
    """Share of places with the same most likely token."""


def quality(host: Any, decoder: Any) -> Quality:
    """Run the text through a decoder in single steps, and at once through its weights in float32."""
    from dataclasses import replace

    from dialog.model.decoder import Dense, causal, forward
    from dialog.model.rotary import place_angles

    weights, ids = host.weights, host.encode(TEXT)

    def wide(layer: Any) -> Any:
        maps: dict[str, Any] = {
            name: Dense(getattr(layer, name).weight.float()) for name in ("qkv", "out", "gate_up", "down")
        }
        norms = {name: getattr(layer, name).float() for name in ("attention_norm", "ffn_norm")}
        return replace(layer, **maps, **norms)

    exact = replace(
        weights, embed=weights.embed.float(), layers=[wide(layer) for layer in weights.layers],
        norm=weights.norm.float(), head=Dense(weights.head.weight.float()),
    )  # fmt: skip
    angles = place_angles(torch.arange(len(ids)), weights.shape.head_dim, weights.shape.rope_theta)
    with torch.inference_mode():
        at = torch.tensor([ids], device=exact.embed.device)
        theirs = exact.head(forward(exact, exact.embed[at], angles.to(at.device), causal))[0].log_softmax(-1).cpu()
    cache = decoder.cache(len(ids))
    ours = torch.stack([decoder.step(token, i, cache).cpu() for i, token in enumerate(ids)]).log_softmax(-1)
    kl = (theirs.exp() * (theirs - ours)).sum(-1).mean()
    same = (theirs.argmax(-1) == ours.argmax(-1)).float().mean()
    return Quality(float(kl), float(same))
