"""`heed bench decode`: tokens a second of our engine beside transformers' `generate`, and what memory would allow.

Everything runs on the same machine in the same run, one after the other, in rounds; each figure is the best round, so
that a busy machine disturbs all alike.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from agent.bench.table import BenchResult
from agent.config import cache_folder
from agent.models.store import ModelStore

HELP = "tokens a second of the language model, beside transformers and beside what memory bandwidth allows"

MODEL = "smollm2-135m-instruct"
PROMPT = "Tell me in a few sentences why the sky is blue and the sunset is red."
FILLER = "14:{minute:02d} kitchen: a person enters from the left"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("--tokens", type=int, default=48, help="tokens to generate in each round (default 48)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds, of which the best counts (default 3)")
    parser.add_argument("--threads", type=int, default=0, help="threads of torch (default: as torch chooses)")
    parser.add_argument("--model", type=Path, help=f"transformers folder (default: the pulled {MODEL})")


def run(args: argparse.Namespace) -> BenchResult:
    """Measure; takes about a minute on two cores."""
    from dialog.model.adapter import load_adapter
    from dialog.model.engine import Engine
    from dialog.model.fusion import ADAPTERS
    from dialog.model.load import load_host

    if args.threads:
        torch.set_num_threads(args.threads)
    folder = args.model or ModelStore(cache_folder()).path(MODEL)
    host = load_host(folder)
    device = host.weights.device
    path = ADAPTERS / f"{folder.name}.safetensors"
    adapter = load_adapter(path)[0] if path.is_file() else None
    engine = Engine(host, adapter)
    ways: dict[str, Callable[[], float]] = {}
    for name, dtype in (("transformers float32", torch.float32), ("transformers bfloat16", torch.bfloat16)):
        ways[name] = _transformers(folder, dtype, device, args.tokens)
    ways[f"heed {engine.precision}"] = _ours(engine, args.tokens, 0)
    if adapter is not None:
        for held in (256, 1024):
            ways[f"heed {engine.precision}, reading {held} state tokens"] = _ours(engine, args.tokens, held)
    best = dict.fromkeys(ways, 0.0)
    for _ in range(args.rounds):
        for name, way in ways.items():
            best[name] = max(best[name], way())
    bandwidth = max(_bandwidth(device) for _ in range(args.rounds))
    return _result(best, bandwidth, host.weights.shape, engine.precision)


def _transformers(folder: Path, dtype: torch.dtype, device: torch.device, tokens: int) -> Callable[[], float]:
    """Tokens a second of plain `generate`, greedy, without the prompt's own pass."""
    from transformers import AutoModelForCausalLM, AutoTokenizer

    model: Any = AutoModelForCausalLM.from_pretrained(folder, dtype=dtype).to(device).eval()
    ids = AutoTokenizer.from_pretrained(folder)(PROMPT, return_tensors="pt").input_ids.to(device)

    def once() -> float:
        times = []
        for n in (1, tokens + 1):
            start = time.perf_counter()
            made = model.generate(
                ids, attention_mask=torch.ones_like(ids), min_new_tokens=n, max_new_tokens=n, do_sample=False
            )
            int(made[0, -1])  # waits for the device
            times.append(time.perf_counter() - start)
        return tokens / max(times[1] - times[0], 1e-6)

    return once


def _ours(engine: Any, tokens: int, held: int) -> Callable[[], float]:
    cache = engine.cache(1024)
    prompt = engine.host.encode(PROMPT)
    memory = None
    if held:
        memory = engine.memory(1024)
        n = 0
        while memory.tokens + 20 <= held:
            memory.put(f"p{n}", FILLER.format(minute=n % 60), n)
            n += 1

    def once() -> float:
        generation = engine.start(prompt, cache, memory, 0, tokens + 1)
        engine.advance(generation.asking, prompt)
        start = time.perf_counter()
        for _ in range(tokens):
            # The same token again: an answer that ends early would measure less.
            int(engine.advance(generation.asking, prompt[-1:]).argmax())
        return tokens / (time.perf_counter() - start)

    return once


def _bandwidth(device: torch.device) -> float:
    """Bytes a second at which the machine reads memory: the sum of half a gigabyte, the best of several."""
    data = torch.ones(128 * 2**20, dtype=torch.float32, device=device)
    best = 0.0
    for _ in range(4):
        start = time.perf_counter()
        float(data.sum())
        best = max(best, data.numel() * 4 / (time.perf_counter() - start))
    return best


def _result(best: dict[str, float], bandwidth: float, shape: Any, precision: str) -> BenchResult:
    per_layer = shape.width * (2 * shape.heads + 2 * shape.kv_heads) * shape.head_dim + 3 * shape.width * shape.ffn
    weights = shape.layers * per_layer + shape.vocab * shape.width
    limits = {name: bandwidth / (weights * size) for name, size in (("float32", 4), ("bfloat16", 2), ("int8", 1))}
    base = best["transformers float32"]
    rows, figures = [], {"bandwidth_gb_s": round(bandwidth / 1e9, 1), "threads": torch.get_num_threads()}
    for name, rate in best.items():
        limit = limits[next(kind for kind in limits if kind in name)]
        rows.append((name, f"{rate:.1f}", f"{rate / base:.2f} x", f"{limit:.0f}", f"{100 * rate / limit:.0f} %"))
        figures[name.replace(", ", " ").replace(" ", "_")] = round(rate, 1)
    figures["speedup"] = round(best[f"heed {precision}"] / base, 2)
    notes = [
        f"memory reads {bandwidth / 1e9:.1f} GB/s; {weights / 1e6:.0f} M weights are read for each token",
        "limit: tokens a second if nothing cost time but reading the weights once",
    ]
    columns = ("engine", "tokens/s", "beside transformers float32", "limit", "of limit")
    return BenchResult("decode", columns, rows, figures, notes)
