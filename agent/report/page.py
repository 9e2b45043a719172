"""Writes `report.html`: one file that loads nothing, and shows what was seen and heard as text, never as markup."""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Iterable, Mapping
from datetime import datetime
from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any
from urllib.parse import quote

from agent.report.rows import GROUPS, Answer, Row, Story, story
from agent.show import clock_text
from streams.clock import wall_at
from streams.types import NS
from streams.wording import place

MAX_PICTURE_BYTES = 400_000
MAX_PICTURES_BYTES = 20_000_000
"""Of all pictures together; the latest beyond are left out."""

_MAGIC = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG": "image/png"}
_HEED = "heed"


def write_report(
    events: Iterable[Mapping[str, Any]],
    out: Path,
    title: str,
    pictures: Mapping[str, bytes] | None = None,
    audio: Mapping[str, Path] | None = None,
    wall_start: datetime | None = None,
) -> None:
    """Write the report of a run as one HTML file.

    Args:
        events: in the form of `agent.jsonl.to_dict`, in any order of time.
        out: the file, such as `run/report.html`.
        title: shown on top.
        pictures: JPEG or PNG of the moment, by percept id; others and those over 400 kB are left out.
        audio: sound files by the number of the reply, counted from `"1"`; linked relative to `out`.
        wall_start: wall-clock time of stream time zero, where it is known; then times of day are shown.

    Raises:
        OSError: the file cannot be written.
    """
    told = story(events)
    html = _Page(told, out, pictures or {}, audio or {}, wall_start).render(title)
    out.write_text(html, encoding="utf-8")


class _Page:
    """Renders one story."""

    def __init__(
        self,
        told: Story,
        out: Path,
        pictures: Mapping[str, bytes],
        audio: Mapping[str, Path],
        wall_start: datetime | None,
    ) -> None:
        self._told = told
        self._folder = out.parent
        self._audio = audio
        self._wall_start = wall_start
        self._anchor = {row.id: n for n, row in reversed(list(enumerate(told.rows))) if row.id}
        self._pictures = _data_uris(pictures, [row.id for row in told.rows])
        self._cited: dict[str, list[int]] = {}
        for answer in told.answers:
            for name in answer.evidence:
                self._cited.setdefault(name, []).append(answer.number)

    def render(self, title: str) -> str:
        """The whole page."""
        folder = files("agent.report")
        script = folder.joinpath("page.js").read_text(encoding="utf-8")
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        told = self._told
        return Template(folder.joinpath("page.html").read_text(encoding="utf-8")).substitute(
            title=escape(title),
            script=script,
            script_hash=digest,
            style=folder.joinpath("page.css").read_text(encoding="utf-8"),
            summary=self._summary(),
            answers="".join(self._card(a) for a in told.answers) or '<p class="none">Nothing was asked.</p>',
            overview=self._overview(),
            filters=self._filters(),
            rows="".join(self._merged()) or '<li class="none">Nothing was perceived.</li>',
        )

    def _summary(self) -> str:
        rows, answers = self._told.rows, self._told.answers
        seen = sum(row.group in ("seen", "sign") for row in rows)
        heard = sum(row.group in ("heard", "text") for row in rows)
        alerts = sum(row.group == "alert" for row in rows)
        sources = len({row.source for row in rows if row.group in ("seen", "sign", "heard", "text")})
        parts = [
            (clock_text(self._told.end_s), "long"),
            (str(sources), "source" if sources == 1 else "sources"),
            (str(seen), "seen"),
            (str(heard), "heard or read"),
            (str(len(answers)), "answer" if len(answers) == 1 else "answers"),
        ]
        if alerts:
            parts.append((str(alerts), "alert" if alerts == 1 else "alerts"))
        return "".join(f"<li><b>{escape(n)}</b> {what}</li>" for n, what in parts)

    def _time(self, t_s: float) -> str:
        """`0:12`, or the time of day where it is known."""
        shown, exact = clock_text(t_s), f"{t_s:.2f} s"
        if self._wall_start is not None:
            shown = wall_at(self._wall_start, round(t_s * NS)).strftime("%H:%M:%S")
        return f'<time title="{exact}">{shown}</time>'

    # -- answers ----------------------------------------------------------------------------------------------

    def _card(self, answer: Answer) -> str:
        n = answer.number
        measures = [f"first word {answer.ttft_s:.2f} s"] if answer.ttft_s is not None else []
        if answer.first_audio_s is not None:
            measures.append(f"first sound {answer.first_audio_s:.2f} s")
        if answer.spoken and answer.spoken.strip() != answer.text.strip():
            measures.append("interrupted")
        asker = f' <span class="by">{escape(place(answer.source))}</span>' if answer.source else ""
        evidence = "".join(self._evidence(k, name) for k, name in enumerate(answer.evidence, 1))
        rests = f'<ol class="evidence">{evidence}</ol>' if evidence else '<p class="none">It rests on nothing seen.</p>'
        return (
            f'<article class="card" id="r{n}" data-reply="{n}" data-evidence="{self._keys(answer.evidence)}">'
            f'<p class="q">{self._time(answer.asked_s)}{asker} <q>{escape(answer.question)}</q></p>'
            f'<p class="a">{self._sentences(answer) or "<i>no answer</i>"}</p>{self._player(n)}'
            f'<p class="m">{escape(", ".join(measures))}</p>'
            f'<button class="pick" type="button" aria-pressed="false">Show what it rests on</button>{rests}</article>'
        )

    def _keys(self, names: Iterable[str]) -> str:
        """Numbers of the rows of percepts, for the script."""
        return " ".join(str(self._anchor[name]) for name in names if name in self._anchor)

    def _sentences(self, answer: Answer) -> str:
        """The answer, each sentence with marks that lead to what it rests on."""
        out = []
        for piece in answer.pieces:
            named = [(k, answer.evidence[k - 1]) for k in piece.marks]
            marks = " ".join(self._mark_of(k, name) for k, name in named)
            keys = self._keys(name for _, name in named)
            text = escape(piece.text)
            out.append(f'<span class="s" data-evidence="{keys}">{text}<sup>{marks}</sup></span>' if marks else text)
        return " ".join(out)

    def _mark_of(self, k: int, name: str) -> str:
        n = self._anchor.get(name)
        if n is None:
            return f'<span class="n" title="{escape(name)}, no longer kept">{k}</span>'
        row = self._told.rows[n]
        tip = escape(f"{clock_text(row.t0_s)} {place(row.source)}: {row.text}"[:200])
        return f'<a class="n" href="#e{n}" data-row="{n}" title="{tip}" aria-label="Rests on {k}: {tip}">{k}</a>'

    def _evidence(self, k: int, name: str) -> str:
        n, number = self._anchor.get(name), f'<span class="k">{k}</span>'
        if n is None:
            return f'<li class="gone">{number}{escape(name)}, no longer kept</li>'
        row = self._told.rows[n]
        return (
            f'<li><a href="#e{n}" data-row="{n}">{number}{self._picture(name)}<span>{self._time(row.t0_s)} '
            f"<b>{escape(place(row.source))}</b> {escape(row.text)}</span></a></li>"
        )

    def _player(self, number: int) -> str:
        path = self._audio.get(str(number))
        if path is None:
            return ""
        link = quote(Path(os.path.relpath(path, self._folder)).as_posix())
        return f'<audio controls preload="none" src="{escape(link)}" aria-label="Reply {number}, spoken"></audio>'

    def _picture(self, name: str) -> str:
        uri = self._pictures.get(name)
        return f'<img src="{uri}" alt="" loading="lazy">' if uri else ""

    # -- the strip --------------------------------------------------------------------------------------------

    def _overview(self) -> str:
        """Lanes by source, answers on top; every mark has its row below."""
        lanes: dict[str, list[str]] = {}
        for n, row in enumerate(self._told.rows):
            if row.group not in ("health", "alert", "translation"):
                tip = f"{clock_text(row.t0_s)} {row.text}"
                lanes.setdefault(row.source, []).append(self._mark(f"k-{row.group}", row.t0_s, row.t1_s, n, tip))
        alerts = [
            self._mark("k-alert", row.t0_s, row.t1_s, n, row.text)
            for n, row in enumerate(self._told.rows)
            if row.group == "alert"
        ]
        replies = "".join(
            f'<i class="k-reply" style="{self._span(a.asked_s, a.done_s)}" data-reply="{a.number}" '
            f'title="{escape(f"{a.question} - {a.text}")}"></i>'
            for a in self._told.answers
        )
        out = [_lane(_HEED, replies)] if replies else []
        out += [_lane(place(source), "".join(marks)) for source, marks in sorted(lanes.items())]
        out += [_lane("alerts", "".join(alerts))] if alerts else []
        ticks = "".join(f"<span>{clock_text(self._told.end_s * k / 4)}</span>" for k in range(5))
        return f'{"".join(out)}<div class="lane axis"><span></span><div class="ticks">{ticks}</div></div>'

    def _mark(self, css: str, t0_s: float, t1_s: float, n: int, tip: str) -> str:
        span = self._span(t0_s, t1_s)
        return f'<i class="{css}" style="{span}" data-row="{n}" title="{escape(tip[:200])}"></i>'

    def _span(self, t0_s: float, t1_s: float) -> str:
        end = max(self._told.end_s, 0.001)
        return f"left:{100 * t0_s / end:.3f}%;width:{100 * max(0.0, t1_s - t0_s) / end:.3f}%"

    # -- the list ---------------------------------------------------------------------------------------------

    def _filters(self) -> str:
        counts = dict.fromkeys(GROUPS, 0)
        for row in self._told.rows:
            counts[row.group] += 1
        counts["reply"] = len(self._told.answers)
        return "".join(
            f'<button type="button" class="f k-{group}" data-group="{group}" aria-pressed="true">'
            f"{group} <small>{n}</small></button>"
            for group, n in counts.items()
            if n
        )

    def _merged(self) -> list[str]:
        """Rows and answers in one order of time."""
        items = [(row.t0_s, 0, n, self._item(n, row)) for n, row in enumerate(self._told.rows)]
        items += [(a.done_s, 1, a.number, self._said(a)) for a in self._told.answers]
        return [html for *_, html in sorted(items, key=lambda item: item[:3])]

    def _item(self, n: int, row: Row) -> str:
        cites = "".join(
            f'<a class="cite" href="#r{k}" title="Answer {k} rests on this">answer {k}</a>'
            for k in self._cited.get(row.id, ())
            if row.id
        )
        sure = "" if row.confidence is None or row.confidence >= 0.995 else f" {100 * row.confidence:.0f} %"
        who = f"<b>{escape(row.speaker)}</b> " if row.speaker and row.speaker not in row.text else ""
        return (
            f'<li id="e{n}" class="k-{row.group}" data-group="{row.group}" data-row="{n}" tabindex="-1">'
            f'{self._time(row.t0_s)}<span class="src">{escape(place(row.source))}</span>'
            f'<span class="tag">{escape(row.label)}{sure}</span>'
            f'<span class="txt">{self._picture(row.id)}<span>{who}{escape(row.text)}</span>{cites}</span></li>'
        )

    def _said(self, answer: Answer) -> str:
        return (
            f'<li class="k-reply" data-group="reply">{self._time(answer.done_s)}<span class="src">{_HEED}</span>'
            f'<span class="tag">answer</span><span class="txt"><span>{escape(answer.text)}</span>'
            f'<a class="cite" href="#r{answer.number}">answer {answer.number}</a></span></li>'
        )


def _lane(name: str, marks: str) -> str:
    return f'<div class="lane"><span title="{escape(name)}">{escape(name)}</span><div class="track">{marks}</div></div>'


def _data_uris(pictures: Mapping[str, bytes], order: list[str]) -> dict[str, str]:
    """`data:` addresses of what really is a JPEG or PNG, in order of time, within the size limits."""
    found: dict[str, str] = {}
    left = MAX_PICTURES_BYTES
    for name in order:
        data = pictures.get(name)
        if not name or data is None or len(data) > min(MAX_PICTURE_BYTES, left) or name in found:
            continue
        mime = next((mime for magic, mime in _MAGIC.items() if data.startswith(magic)), None)
        if mime is not None:
            found[name] = f"data:{mime};base64,{base64.b64encode(data).decode()}"
            left -= len(data)
    return found
