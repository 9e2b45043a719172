"""The default model's GGUF file becomes an ordinary transformers folder."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from dialog.model.convert import convert_gguf
from dialog.model.load import load_host
from streams.errors import ModelError


def write_gguf(path: Path, architecture: str = "llama") -> dict[str, torch.Tensor]:
    """A tiny model of random weights in GGUF, with its query and key rows in GGUF's order."""
    import numpy as np
    from gguf import GGUFWriter

    random = np.random.default_rng(0)
    writer = GGUFWriter(str(path), architecture)
    writer.add_block_count(1)
    writer.add_context_length(128)
    writer.add_embedding_length(16)
    writer.add_feed_forward_length(24)
    writer.add_head_count(4)
    writer.add_head_count_kv(2)
    writer.add_rope_freq_base(10000.0)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("smollm")
    letters = [chr(i) for i in range(33, 127)] + ["Ġ", "Ċ"]
    tokens = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", *letters, "th"]
    writer.add_token_list(tokens)
    writer.add_token_types([3, 3, 3] + [1] * (len(tokens) - 3))
    writer.add_token_merges(["t h"])
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)
    writer.add_pad_token_id(2)
    writer.add_chat_template("<|im_start|>")
    sizes = {
        "token_embd": (len(tokens), 16), "output_norm": (16,), "blk.0.attn_norm": (16,), "blk.0.attn_q": (16, 16),
        "blk.0.attn_k": (8, 16), "blk.0.attn_v": (8, 16), "blk.0.attn_output": (16, 16), "blk.0.ffn_norm": (16,),
        "blk.0.ffn_gate": (24, 16), "blk.0.ffn_up": (24, 16), "blk.0.ffn_down": (16, 24),
    }  # fmt: skip
    made = {}
    for name, size in sizes.items():
        value = random.standard_normal(size).astype(np.float32)
        made[name] = torch.from_numpy(value)
        writer.add_tensor(f"{name}.weight", value)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return made


def test_weights_tokens_and_order(tmp_path: Path) -> None:
    made = write_gguf(tmp_path / "m.gguf")
    seen: list[float] = []
    convert_gguf(tmp_path / "m.gguf", tmp_path / "out", lambda fraction, what: seen.append(fraction))
    assert seen == sorted(seen) and seen[-1] == 1.0
    host = load_host(tmp_path / "out", "cpu", torch.float32)
    assert host.weights.shape.heads == 4 and host.weights.shape.end_token == 2
    assert host.decode(host.encode("the 14")) == "the 14"
    assert [host.tokenizer.id_to_token(i) for i in host.encode("th14")] == ["th", "1", "4"]
    assert host.encode("<|im_end|>") == [2]
    qkv = host.weights.layers[0].qkv.weight  # type: ignore[attr-defined]
    # Head 0 of GGUF holds the rotary pairs (0,2), (1,3) side by side.
    torch.testing.assert_close(qkv[:4], made["blk.0.attn_q"][[0, 2, 1, 3]].bfloat16().float())
    torch.testing.assert_close(qkv[24:], made["blk.0.attn_v"].bfloat16().float())
    from transformers import AutoModelForCausalLM

    theirs = AutoModelForCausalLM.from_pretrained(tmp_path / "out", dtype=torch.float32)
    torch.testing.assert_close(theirs.model.embed_tokens.weight.data, host.weights.embed)


def test_a_bad_file_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "m.gguf").write_bytes(b"GGUF but not really")
    with pytest.raises(ModelError, match="cannot be read"):
        convert_gguf(tmp_path / "m.gguf", tmp_path / "out")
    write_gguf(tmp_path / "falcon.gguf", "falcon")
    with pytest.raises(ModelError, match="falcon"):
        convert_gguf(tmp_path / "falcon.gguf", tmp_path / "out")
    with pytest.raises(ModelError, match="does not exist"):
        convert_gguf(tmp_path / "none.gguf", tmp_path / "out")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["falcon.gguf", "m.gguf"]
