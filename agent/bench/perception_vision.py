"""How well heed sees: labelled videos and photographs through the streaming vision encoder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from agent.bench import perception_score as score
from streams import wording
from streams.clock import Stopwatch
from streams.encoder import Encoder
from streams.sources.decode import read_video
from streams.types import NS, Percept, VideoFrame

Row = tuple[str, ...]


@dataclass(slots=True)
class Tally:
    """Sums over the recordings."""

    f1: dict[str, float] = field(default_factory=dict)
    agree: dict[str, float] = field(default_factory=dict)
    """Share of the found entries and exits that were not called by a wrong name."""
    named: dict[str, float] = field(default_factory=dict)
    """Share that was called by its name ("something" is not one)."""
    nobody: dict[str, int] = field(default_factory=dict)
    texts: int = 0
    texts_read: int = 0
    cuts: int = 0
    cuts_found: int = 0
    cuts_false: int = 0
    media_s: float = 0.0
    work_s: float = 0.0


def see(
    encoder: Encoder[Any, VideoFrame], path: Path, max_fps: float | None = None
) -> tuple[list[Percept], float, float]:
    """All percepts of a file, its seconds, and the seconds that encoding (without decoding) took.

    Raises:
        MediaError: the file cannot be decoded.
        SourceError: it is missing.
    """
    state = encoder.init_state("recording")
    found: list[Percept] = []
    work_s = last_s = 0.0
    for frame in read_video(path, "recording", max_fps, lambda warning: None):
        watch = Stopwatch()
        found += [o for o in encoder.step(state, frame) if isinstance(o, Percept)]
        work_s, last_s = work_s + watch.elapsed_s(), frame.t_ns / NS
    watch = Stopwatch()
    found += [o for o in encoder.flush(state) if isinstance(o, Percept)]
    return found, last_s, work_s + watch.elapsed_s()


def vision_rows(
    folder: Path,
    items: Sequence[dict[str, Any]],
    encoder: Encoder[Any, VideoFrame],
    progress: Callable[[str], None],
    max_fps: float | None = None,
) -> tuple[list[Row], dict[str, Any]]:
    """Measure vision on the videos and photographs among a manifest's items.

    Rows are (file, what is measured, figure, detail). Figures: `f1` of entries and exits per file and `f1_mean`,
    `class_agreement`, `class_named`, `persons_claimed` per file without people, `sign_recall`, `cuts_*`,
    `vision_times_real_time`.
    """
    rows: list[Row] = []
    tally = Tally()
    for item in items:
        if not item["file"].startswith(("video/", "photo/")):
            continue
        progress(item["file"])
        percepts, seconds, work_s = see(encoder, folder / item["file"], max_fps)
        if item["file"].startswith("video/"):
            tally.media_s, tally.work_s = tally.media_s + seconds, tally.work_s + work_s
        rows += _score(item, percepts, tally)
    return rows, _figures(tally)


def _score(item: dict[str, Any], percepts: Sequence[Percept], tally: Tally) -> list[Row]:
    """The rows of one recording."""
    name = item["file"]
    rows: list[Row] = []
    truth = score.passages(item)
    if truth:
        found = score.claimed(percepts)
        s = score.score_passages(truth, found)
        tally.f1[name] = round(s.f1, 3)
        tally.agree[name] = round(1 - s.wrong_noun / max(1, s.hits), 3)
        tally.named[name] = round(s.right_noun / max(1, s.hits), 3)
        detail = f"{s.hits} found, {s.missed} missed, {s.false} false; {s.right_noun} named, {s.wrong_noun} wrongly"
        rows.append((name, "entries and exits, F1", f"{s.f1:.2f}", detail))
    if score.shows_nobody(item):
        claims = score.persons_claimed(percepts)
        tally.nobody[name] = len(claims)
        rows.append((name, "persons claimed (none there)", str(len(claims)), "; ".join(claims)))
    if wanted := item.get("text"):
        got = score.texts_read(wanted, percepts)
        tally.texts, tally.texts_read = tally.texts + len(wanted), tally.texts_read + len(got)
        missed = ", ".join(text for text in wanted if text not in got)
        rows.append((name, "texts read", f"{len(got)}/{len(wanted)}", f"not: {missed}" if missed else ""))
    if name.startswith("video/"):
        times = [p.t0_ns / NS for p in percepts if p.kind == "scene" and p.text == wording.scene_change()]
        cuts = score.cuts_of(item)
        s = score.score_times(cuts, times)
        tally.cuts, tally.cuts_found = tally.cuts + len(cuts), tally.cuts_found + s.hits
        tally.cuts_false += s.false
        if cuts or s.false:
            said = ", ".join(f"{t:.2f}" for t in times)
            rows.append((name, "cuts found", f"{s.hits}/{len(cuts)}", f"{s.false} false; at {said}"))
    return rows


def _figures(tally: Tally) -> dict[str, Any]:
    def mean(values: Sequence[float]) -> float | None:
        return round(sum(values) / len(values), 3) if values else None

    return {
        "f1": tally.f1,
        "f1_mean": mean(list(tally.f1.values())),
        "class_agreement": mean(list(tally.agree.values())),
        "class_named": mean(list(tally.named.values())),
        "persons_claimed": tally.nobody,
        "texts": tally.texts,
        "texts_read": tally.texts_read,
        "sign_recall": round(tally.texts_read / tally.texts, 3) if tally.texts else None,
        "cuts": tally.cuts,
        "cuts_found": tally.cuts_found,
        "cuts_false": tally.cuts_false,
        "vision_times_real_time": round(tally.media_s / tally.work_s, 2) if tally.work_s else None,
    }
