"""The table, the figures and the goals of `heed bench call`."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from typing import Any

from agent.bench.call_barge import Disturbed
from agent.bench.call_cutoffs import Talk
from agent.bench.call_echo import Fed
from agent.bench.call_latency import BESIDE, STAGES, Turn, percentile
from agent.bench.call_load import Load
from agent.bench.call_loss import Lost
from agent.bench.call_room import DoubleTalk
from agent.bench.table import BenchResult

COLUMNS = ("part", "measured", "figure", "detail")


class Table:
    """Collects what the parts measured."""

    def __init__(self, told: Callable[[BenchResult], object] = lambda part: None) -> None:
        """`told` is called with each part as soon as it is measured: a run that is cut off has shown what it knew."""
        self._rows: list[tuple[str, ...]] = []
        self._figures: dict[str, Any] = {}
        self._notes: list[str] = []
        self._told = told
        self._shown = (0, 0)
        """Rows and notes that were told."""

    def result(self) -> BenchResult:
        """All of it."""
        return BenchResult("call", COLUMNS, self._rows, self._figures, self._notes)

    def done(self, part: str) -> None:
        """A part is measured: tell of what is new since the last one."""
        rows, notes = self._shown
        figures = {"part": part, part: self._figures.get(part)}
        self._told(BenchResult("call", COLUMNS, self._rows[rows:], figures, self._notes[notes:]))
        self._shown = len(self._rows), len(self._notes)

    def memory(self, peak_mb: float) -> None:
        """Peak of the agent's process."""
        self._row("memory", "peak of the agent's process", f"{peak_mb:.0f} MB", "")
        self._figures["memory_mb"] = round(peak_mb)

    def latency(self, turns: Sequence[Turn]) -> None:
        """Voice-to-voice and its stages."""
        times = [t.voice_to_voice_s for t in turns if t.voice_to_voice_s is not None]
        cut, missing = sum(t.cut_off for t in turns), sum(not t.cut_off and t.voice_to_voice_s is None for t in turns)
        p50, p95 = percentile(times, 0.5), percentile(times, 0.95)
        detail = f"{len(times)} of {len(turns)} questions; {cut} cut off, {missing} without an audible answer"
        self._row("latency", "voice to voice, p50 / p95", f"{_s(p50)} / {_s(p95)}", detail)
        told: dict[str, Any] = {}
        for name, what in (*STAGES, (BESIDE, "until the final words (beside the pause, not after it)")):
            known = [t.stages[name] for t in turns if name in t.stages]
            middle, late = percentile(known, 0.5), percentile(known, 0.95)
            share = f"{statistics.fmean(known) / statistics.fmean(times):.0%}" if known and times else "-"
            self._row("", f"  {name}", f"{_s(middle)} / {_s(late)}", f"{share}; {what}")
            told[name.replace(", ", "_").replace(" ", "_")] = {"p50_s": _r(middle), "p95_s": _r(late)}
        self._figures["latency"] = {
            "voice_to_voice_p50_s": _r(p50), "voice_to_voice_p95_s": _r(p95), "questions": len(turns),
            "cut_off": cut, "missing": missing, "stages": told,
        }  # fmt: skip
        self._notes.append(f"voice to voice {_s(p50)} / {_s(p95)} (wanted: at most 0.80 s / 1.50 s)")

    def barge(self, results: Sequence[Disturbed]) -> None:
        """What stopped the agent, and what did not."""
        figures: dict[str, Any] = {}
        for kind, wish in (("interruption", "stopped"), ("backchannel", "went on"), ("noise", "went on")):
            some = [r for r in results if r.kind == kind and r.valid]
            right = sum(r.right for r in some)
            wrong = ", ".join(sorted({r.what for r in some if not r.right}))
            left_out = sum(r.kind == kind and not r.valid for r in results)
            detail = f"{f'not: {wrong}' if wrong else ''}{f' ({left_out} left out)' if left_out else ''}"
            self._row("barge", f"{kind}: {wish}", f"{right} of {len(some)}", detail.strip())
            figures[kind] = {"right": right, "of": len(some)}
        times = [
            r.silence_s for r in results if r.kind == "interruption" and r.valid and r.right and r.silence_s is not None
        ]
        p50, p95 = percentile(times, 0.5), percentile(times, 0.95)
        stopped = [r for r in results if r.kind == "interruption" and r.valid and r.right]
        self._row("", "barge-in to silence, p50 / p95", f"{_s(p50)} / {_s(p95)}", "from the first voiced sample sent")
        figures |= {"silence_p50_s": _r(p50), "silence_p95_s": _r(p95)}
        for name, what in (("noticed", "until a voice was noticed"), ("silent", "from then on until silence is heard")):
            known = [r.stages[name] for r in stopped if name in r.stages]
            middle, late = percentile(known, 0.5), percentile(known, 0.95)
            self._row("", f"  {name}", f"{_s(middle)} / {_s(late)}", what)
            figures[name] = {"p50_s": _r(middle), "p95_s": _r(late)}
        sounds = [r.sound_s for r in stopped if r.sound_s is not None]
        middle, late = percentile(sounds, 0.5), percentile(sounds, 0.95)
        self._row("", "  from the first sound", f"{_s(middle)} / {_s(late)}", 'a breath, noise or an "s" included')
        self._figures["barge"] = {**figures, "sound_p50_s": _r(middle), "sound_p95_s": _r(late)}
        self._notes.append(f"barge-in to silence, p95: {_s(p95)} (wanted: at most 0.20 s)")

    def echo(self, results: Sequence[Fed]) -> None:
        """Answers to itself."""
        for r in results:
            where = f"{r.gain_db:.0f} dB, {r.delay_s * 1000:.0f} ms, {'cancelled' if r.cancelling else 'not cancelled'}"
            asked = "question answered" if r.question_answered else "question NOT answered"
            detail = f"answers to itself, stops of itself in {r.answers} answers; {asked}"
            self._row("echo", where, f"{r.self_answers} + {r.self_interruptions}", detail)
        answers, stops = sum(r.self_answers for r in results), sum(r.self_interruptions for r in results)
        understood = sum(r.question_answered for r in results)
        self._figures["echo"] = {
            "runs": len(results), "self_answers": answers, "self_interruptions": stops,
            "questions_answered": understood,
        }  # fmt: skip
        self._notes.append(
            f"own voice: {answers} answers to itself, {stops} stops (wanted: 0, 0); questions spoken into it and "
            f"answered: {understood} of {len(results)}"
        )

    def double_talk(self, results: Sequence[DoubleTalk]) -> None:
        """A person who speaks over the agent."""
        figures = []
        for r in results:
            detail = (
                f"words wrong: {r.clean.rate:.0%}, without cancellation {r.raw.rate:.0%}, no echo {r.alone.rate:.0%}"
            )
            self._row("echo", f"made room, {r.level_db:.0f} dB: echo taken out", f"{r.reduction_db:.0f} dB", detail)
            figures.append(
                {"level_db": r.level_db, "reduction_db": round(r.reduction_db, 1), "wer": round(r.clean.rate, 4),
                 "wer_raw": round(r.raw.rate, 4), "wer_alone": round(r.alone.rate, 4)}
            )  # fmt: skip
        self._figures["double_talk"] = figures

    def loss(self, results: Sequence[Lost]) -> None:
        """Answers over a bad line."""
        figures = []
        for r in results:
            p50 = percentile(r.voice_to_voice_s, 0.5)
            detail = f"{r.answered} answered; words wrong {r.words.rate:.0%}; voice to voice {_s(p50)}"
            self._row("loss", f"{r.share:.0%} of the packets lost", f"{r.right} of {r.asked} right", detail)
            figures.append(
                {"share": r.share, "right": r.right, "asked": r.asked, "answered": r.answered,
                 "wer": round(r.words.rate, 4), "voice_to_voice_p50_s": _r(p50), "lost": r.lost, "sent": r.sent}
            )  # fmt: skip
        self._figures["loss"] = figures

    def calls(self, results: Sequence[Load], most: int) -> None:
        """Several at once."""
        figures = []
        for r in results:
            shares = (
                f"agent's process, of one core and for each call: {r.idle_share:.0%} silent, {r.busy_share:.0%} talking"
            )
            missing = f"{r.missing} of {r.asked} unanswered; " if r.missing else ""
            self._row("calls", f"{r.calls} at once, p50 / p95", f"{_s(r.p50_s)} / {_s(r.p95_s)}", missing + shares)
            figures.append(
                {"calls": r.calls, "p50_s": _r(r.p50_s), "p95_s": _r(r.p95_s), "missing": r.missing,
                 "idle_share": round(r.idle_share, 3), "busy_share": round(r.busy_share, 3)}
            )  # fmt: skip
        last = results[-1]
        doubled = last.missing > 0 or (last.p95_s or 0) > 2 * (results[0].p95_s or float("inf"))
        self._figures["calls"] = {"by_number": figures, "doubled_at": last.calls if doubled else None}
        said = f"the 95th percentile doubles at {last.calls} calls" if doubled else f"not doubled with {most} calls"
        self._notes.append(f"calls at once: {said} (wanted: not at 3)")

    def cutoffs(self, results: Sequence[Talk]) -> None:
        """Turns cut off and ends missed."""
        for r in results:
            detail = f"heard to speak in {r.heard}; missed {r.missed} of {r.ends} ends"
            self._row("cutoffs", r.name, f"{r.cut_off} of {r.turns} cut off", detail)
        turns, cut, heard = (sum(getattr(r, name) for r in results) for name in ("turns", "cut_off", "heard"))
        ends, missed = sum(r.ends for r in results), sum(r.missed for r in results)
        times = [t for r in results for t in r.voice_to_voice_s]
        p50, p95 = percentile(times, 0.5), percentile(times, 0.95)
        self._figures["cutoffs"] = {
            "turns": turns, "cut_off": cut, "heard": heard, "ends": ends, "missed": missed,
            "cut_off_share": round(cut / max(1, turns), 4), "voice_to_voice_p50_s": _r(p50),
            "voice_to_voice_p95_s": _r(p95),
        }  # fmt: skip
        self._notes.append(
            f"recordings: {cut / max(1, turns):.0%} of {turns} turns cut off (wanted: at most 10 %), heard to speak in "
            f"{heard}; {missed} of {ends} ends missed; voice to voice {_s(p50)} / {_s(p95)}"
        )

    def _row(self, *cells: str) -> None:
        self._rows.append(cells)


def told(result: Disturbed | Fed | Talk) -> str:
    """One trial, as a line: `barge: ...`."""
    match result:
        case Disturbed():
            stages = ", ".join(f"{name} {value:.3f} s" for name, value in result.stages.items())
            end = "left out" if not result.valid else "right" if result.right else "WRONG"
            return f"barge: {result.kind} {result.what!r}: {end}; {stages}"
        case Fed():
            where = f"{result.gain_db:.0f} dB, {result.delay_s * 1000:.0f} ms"
            who = "cancelled" if result.cancelling else "not cancelled"
            done = f"{result.self_answers} self-answers, {result.self_interruptions} self-stops"
            return f"echo: {where}, {who}: {done} in {result.answers}; question answered: {result.question_answered}"
        case Talk():
            ends = f"{result.missed} of {result.ends} ends missed"
            return f"cutoffs: {result.name}: {result.cut_off} of {result.turns} cut off, {ends}"


def _s(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f} s"


def _r(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
