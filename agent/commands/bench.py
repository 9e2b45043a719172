"""`heed bench NAME`: measurements, each a table and one line of JSON."""

from __future__ import annotations

import argparse
import importlib

BENCHES: dict[str, str] = {
    "perception": "what is heard and seen on labelled recordings, against their ground truth",
    "speed": "how much faster than real time, idle cost, peak memory",
    "decode": "tokens a second of the language model, beside plain transformers and the bandwidth limit",
    "ttft": "time to the first token, however long it has watched, beside percepts in the prompt",
    "grounding": "answers on held-out day logs: cross-attention, percepts in the prompt, no memory",
    "call": "a conversation over real WebRTC calls: delays, interruptions, echo, packet loss, several at once",
    "subtitles": "live subtitles: delay to partial and committed words, word errors, rewrites, rules of cues",
    "translation": "translated captions: delay, chrF and BLEU against glosses, rewrites",
    "alerts": "alerts on labelled recordings: precision, recall, delay and duplicates of each rule",
    "tui": "the terminal assistant: start to first prompt, idle cost, key to screen while it answers",
    "plugins": "what plugins that hang, flood, die or eat memory cost the rest: delays, lag of the event loop",
    "archive": "search over days: the right moment among the first three, time over a million events, writing, size",
    "station": "cameras over RTSP: how many at once, event to MQTT, share of the processor, recovery when unplugged",
    "endurance": "memory over a simulated week, restarts after kills, a broker that comes and goes: nothing lost",
    "evidence": "whether answers rest on the percepts that they name: citations, deletion, swap",
}

EPILOG = "measurements:\n" + "\n".join(f"  {name:12} {what}" for name, what in BENCHES.items())


def add_arguments(parser: argparse.ArgumentParser) -> None:
    names = parser.add_subparsers(dest="bench", metavar="NAME", required=True)
    for name, what in BENCHES.items():
        sub = names.add_parser(name, help=what, description=what)
        importlib.import_module(f"agent.bench.{name}").add_arguments(sub)


def run(args: argparse.Namespace) -> int:
    from agent.bench.table import show

    show(importlib.import_module(f"agent.bench.{args.bench}").run(args))
    return 0
