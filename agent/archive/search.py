"""Finds moments in the archive: by words (FTS5) and by meaning (bits), ranked together. Blocking; for one thread."""

from __future__ import annotations

import json
import math
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from agent.archive.asked import WORD, Asked, Filter, ask
from agent.archive.fit import RARE, Fit, Held, any_of, fits
from agent.archive.meaning import Meaning, as_rows, differing, pack
from agent.archive.records import Moment, local
from agent.archive.schema import ArchiveError, open_to_read

NS = 1_000_000_000
SAME_NS = 120 * NS
"""The same words from the same source within this time are one moment."""

_BY_WORDS = 300
_FEW = 20
_TELLING = 0.45
"""A term that is worth less than this share of the most telling one finds nothing alone."""
_ALIKE_WORTH = 0.8
_BY_BITS = 160
_BY_MEANING = 80
_RRF = 10.0
"""Cormack, Clarke and Buettcher 2009, "Reciprocal rank fusion": what is added to a rank before it is inverted."""
_MEANING_WEIGHT = 0.3
_OF_EACH_TEXT = 8

MOMENT = (
    "SELECT e.id, e.run, e.kind, s.name, e.t0_ns, e.t1_ns, t.text, e.name, e.speaker, e.confidence, e.more, p.path,"
    " c.path FROM events e JOIN sources s ON s.id = e.source JOIN texts t ON t.id = e.text"
    " LEFT JOIN pictures p ON p.id = e.picture LEFT JOIN pictures c ON c.id = e.clip"
)
"""All that a `Moment` holds, in order."""


@dataclass(frozen=True, slots=True)
class Holdings:
    """How much an archive holds."""

    events: int
    texts: int
    """Different ones."""
    sources: int
    pictures: int
    picture_bytes: int
    clips: int
    clip_bytes: int
    span: tuple[datetime, datetime] | None
    """Local time of the first and the last event."""


class Search:
    """Reads one archive; sees what others write meanwhile. A context manager."""

    def __init__(self, folder: Path, meaning: Meaning | None = None) -> None:
        """
        Args:
            folder: of the archive.
            meaning: what made the bits when it was written; None: by words alone.

        Raises:
            ArchiveError: there is no archive, or it cannot be read.
        """
        self.folder = folder
        self._db = open_to_read(folder)
        self._meaning = meaning
        self._ids = np.zeros(0, np.int64)
        self._rows = np.zeros((0, (meaning.size // 64) if meaning else 1), np.uint64)
        self._changes = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._db.close()

    def sources(self) -> list[str]:
        """Names of all sources that have something in the archive."""
        return [str(row[0]) for row in self._read("SELECT name FROM sources ORDER BY name")]

    def newest_run(self) -> int:
        """The number of the run that began last; 0 when there is none."""
        return int(self._read("SELECT coalesce(max(id), 0) FROM runs")[0][0])

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def find(self, question: str, now: datetime, only: Filter = Filter(), limit: int = 10) -> list[Moment]:  # noqa: B008
        """The moments that a question in plain words means, the best first.

        Args:
            question: such as "when did the white van come last week"; without a word: everything that is not filtered.
            now: local wall-clock time of asking.
            only: times, sources and kinds to look at.
            limit: how many at most.

        Raises:
            ArchiveError: the archive cannot be read.
        """
        try:
            asked = ask(question, now, self.sources(), only)
            if not asked.terms:
                return self._newest(asked, limit)
            texts = self._ranked(asked)
            return self._moments(asked, texts, limit)
        except sqlite3.Error as error:
            raise ArchiveError(f"the archive in {self.folder} cannot be searched: {error}") from error

    def fits(self, question: str, now: datetime, moments: Sequence[Moment]) -> list[Fit]:
        """How well each of the moments found for a question fits its words; one without words fits all.

        Raises:
            ArchiveError: the archive cannot be read.
        """
        try:
            asked = ask(question, now, self.sources())
            worth = self._worth(asked)
            rare = RARE * math.log(1 + self._texts_count())
        except sqlite3.Error as error:
            raise ArchiveError(f"the archive in {self.folder} cannot be searched: {error}") from error
        return fits(asked, moments, worth, rare, self._meaning)

    def moments(self, only: Filter, words: str = "") -> Iterator[Moment]:
        """Everything that passes the filter, in order of time; with `words`, what holds all of them.

        Raises:
            ArchiveError: the archive cannot be read.
        """
        where, values = condition(only)
        if words:
            told = [f'"{word}"' for word in WORD.findall(words)]
            where += " AND e.text IN (SELECT rowid FROM words WHERE words MATCH ?)"
            values.append(" AND ".join(told) or '""')
        try:
            for row in self._db.execute(f"{MOMENT} WHERE {where} ORDER BY e.t0_ns, e.id", values):
                yield moment(row)
        except sqlite3.Error as error:
            raise ArchiveError(f"the archive in {self.folder} cannot be read: {error}") from error

    def holdings(self) -> Holdings:
        """How much there is."""

        def one(query: str) -> tuple[int, ...]:
            return tuple(self._read(query)[0])

        events, first, last = one("SELECT count(*), min(t0_ns), max(t0_ns) FROM events")
        pictures = one("SELECT count(*), coalesce(sum(bytes), 0) FROM pictures WHERE clip = 0")
        clips = one("SELECT count(*), coalesce(sum(bytes), 0) FROM pictures WHERE clip = 1")
        (texts,), (sources,) = one("SELECT count(*) FROM texts"), one("SELECT count(*) FROM sources")
        span = (local(first), local(last)) if events else None
        return Holdings(events, texts, sources, pictures[0], pictures[1], clips[0], clips[1], span)

    def _read(self, query: str) -> list[tuple[Any, ...]]:
        """All rows. Raises `ArchiveError`: the archive cannot be read."""
        try:
            return self._db.execute(query).fetchall()
        except sqlite3.Error as error:
            raise ArchiveError(f"the archive in {self.folder} cannot be read: {error}") from error

    def _newest(self, asked: Asked, limit: int) -> list[Moment]:
        where, values = condition(
            Filter(asked.only.spans, asked.only.sources or asked.likely_sources, asked.only.kinds)
        )
        order = "ASC" if asked.oldest_first else "DESC"
        rows = self._db.execute(f"{MOMENT} WHERE {where} ORDER BY e.t0_ns {order} LIMIT ?", (*values, 4 * limit))
        return _once((moment(row) for row in rows), limit)

    def _ranked(self, asked: Asked) -> dict[int, float]:
        """Texts with their score, of both ways of search."""
        scores = {text_id: 1 / (_RRF + rank) for text_id, rank in self._by_words(asked).items()}
        for rank, text_id in enumerate(self._by_meaning(asked)):
            scores[text_id] = scores.get(text_id, 0.0) + _MEANING_WEIGHT / (_RRF + rank)
        return scores

    def _by_words(self, asked: Asked) -> dict[int, float]:
        """Texts with their rank by how much they hold of what is asked for; a word counts the more, the fewer texts
        have it. Those that hold the same share the middle of their ranks: meaning decides between them."""
        worth = self._worth(asked)
        told = sorted(worth, key=lambda term: -worth[term])
        strong = [term for term in told if worth[term] >= _TELLING * worth[told[0]]]
        found = self._matching(asked.only, any_of(strong))
        if len(strong) < len(told) and len(found) < _FEW:
            found |= self._matching(asked.only, any_of(told))
        if not found:
            found = self._matching(asked.only, any_of(told, prefix=True))
            return {text_id: float(rank) for rank, text_id in enumerate(found)}
        held = Held(found)
        scores = dict.fromkeys(found, 0.0)
        for term in told:
            literal = held.having(any_of([term[:1]]))
            for text_id in held.having(any_of([term])):
                scores[text_id] += worth[term] * (1.0 if text_id in literal else _ALIKE_WORTH)
        ordered, ties = sorted(scores.values(), reverse=True), Counter(scores.values())
        return {text_id: ordered.index(score) + (ties[score] - 1) / 2 for text_id, score in scores.items()}

    def _worth(self, asked: Asked) -> dict[tuple[str, ...], float]:
        """Each term with how telling it is: the logarithm of how few texts have it, or a word like it."""
        texts = self._texts_count()
        count = "SELECT count(*) FROM words WHERE words MATCH ?"
        return {
            term: math.log(1 + texts / (1 + self._db.execute(count, (any_of([term]),)).fetchone()[0]))
            for term in asked.terms
        }

    def _texts_count(self) -> int:
        return int(self._db.execute("SELECT max(id) FROM texts").fetchone()[0] or 1)

    def _matching(self, only: Filter, match: str) -> dict[int, str]:
        """The best texts for an expression of FTS5 that have an event which passes the filter."""
        where, values = condition(only)
        rows = self._db.execute(
            "SELECT words.rowid, text FROM words WHERE words MATCH ? AND EXISTS (SELECT 1 FROM events e JOIN sources s"
            f" ON s.id = e.source WHERE e.text = words.rowid AND {where}) ORDER BY rank LIMIT ?",
            (match, *values, _BY_WORDS),
        )
        return {int(row[0]): str(row[1]) for row in rows}

    def _by_meaning(self, asked: Asked) -> list[int]:
        if self._meaning is None:
            return []
        self._load()
        if not len(self._ids):
            return []
        vector = self._meaning.vector(asked.text)
        far = differing(pack(vector), self._rows)
        wanted, passed = _BY_BITS, np.zeros(0, np.int64)
        while True:
            near = np.argpartition(far, min(wanted, len(far) - 1))[:wanted]
            passed = self._passing(asked.only, self._ids[near])
            if len(passed) >= _BY_MEANING or wanted >= min(len(far), 50 * _BY_BITS):
                break
            wanted *= 7
        texts = self._texts(passed[:_BY_BITS].tolist())
        exact = {text_id: float(self._meaning.vector(text) @ vector) for text_id, text in texts.items()}
        return sorted(exact, key=lambda text_id: -exact[text_id])[:_BY_MEANING]

    def _passing(self, only: Filter, ids: Any) -> Any:
        """Those of the texts that have an event that passes the filter."""
        where, values = condition(only)
        query = f"SELECT 1 FROM events e JOIN sources s ON s.id = e.source WHERE e.text=? AND {where} LIMIT 1"
        return np.asarray([i for i in ids.tolist() if self._db.execute(query, (i, *values)).fetchone()], np.int64)

    def _texts(self, ids: Sequence[int]) -> dict[int, str]:
        marks = ",".join("?" * len(ids))
        return {int(i): str(t) for i, t in self._db.execute(f"SELECT id, text FROM texts WHERE id IN ({marks})", ids)}

    def _load(self) -> None:
        """The bits of all texts, read again when somebody has written."""
        changes = self._db.execute("PRAGMA data_version").fetchone()[0]
        if changes == self._changes and len(self._ids):
            return
        newest = int(self._ids[-1]) if len(self._ids) else 0
        count = self._db.execute("SELECT count(*) FROM texts WHERE id <= ? AND bits IS NOT NULL", (newest,)).fetchone()[
            0
        ]
        if count != len(self._ids):  # something was deleted
            self._ids, self._rows, newest = self._ids[:0], self._rows[:0], 0
        size = self._rows.shape[1] * 8
        rows = self._db.execute(
            "SELECT id, bits FROM texts WHERE id > ? AND length(bits)=? ORDER BY id", (newest, size)
        ).fetchall()
        if rows:
            self._ids = np.concatenate([self._ids, np.asarray([row[0] for row in rows], np.int64)])
            self._rows = np.concatenate([self._rows, as_rows([row[1] for row in rows])])
        self._changes = changes

    def _moments(self, asked: Asked, texts: dict[int, float], limit: int) -> list[Moment]:
        where, values = condition(asked.only)
        order = "ASC" if asked.oldest_first else "DESC"
        query = f"{MOMENT} WHERE e.text=? AND {where} ORDER BY e.t0_ns {order} LIMIT {_OF_EACH_TEXT}"
        scored: list[tuple[float, int, Moment]] = []
        for text_id, score in texts.items():
            for n, row in enumerate(self._db.execute(query, (text_id, *values))):
                found = moment(row)
                scored.append((score * _liking(asked, found) * 0.98**n, found.t0_ns, found))
        sign = 1 if asked.oldest_first else -1
        scored.sort(key=lambda one: (-one[0], sign * one[1]))
        return _once((found for _, _, found in scored if not _repeats(asked, found)), limit)


def condition(only: Filter) -> tuple[str, list[Any]]:
    """A filter as a condition on `events e` and `sources s`, and its values."""
    parts: list[str] = []
    values: list[Any] = []
    if only.spans:
        parts.append("(" + " OR ".join(["(e.t0_ns < ? AND e.t1_ns >= ?)"] * len(only.spans)) + ")")
        values += [value for begin, end in only.spans for value in (end, begin)]
        # The index is by beginning; nothing lasts longer than a day.
        parts.append("e.t0_ns BETWEEN ? AND ?")
        values += [min(b for b, _ in only.spans) - 86_400 * NS, max(e for _, e in only.spans)]
    for column, names in (("s.name", only.sources), ("e.kind", only.kinds)):
        if names:
            parts.append(f"{column} IN ({','.join('?' * len(names))})")
            values += names
    return " AND ".join(parts) or "1", values


def moment(row: Sequence[Any]) -> Moment:
    """A row of `MOMENT`."""
    more = json.loads(row[10]) if row[10] else {}
    number, run, kind, source, t0_ns, t1_ns, text, name, speaker, confidence = row[:10]
    return Moment(
        number, run, kind, source, t0_ns, t1_ns, text, name, speaker, confidence, more, row[11] or "", row[12] or ""
    )  # fmt: skip


def _liking(asked: Asked, found: Moment) -> float:
    """How much better a moment is for what the question says of its place and kind."""
    good = 1.0
    if asked.likely_sources:
        good *= 1.6 if found.source in asked.likely_sources else 1.0
    if found.kind == "alert" and found.more.get("phase", "new") != "new":
        good *= 0.9  # the same incident, told again
    if asked.likely_kinds:
        good *= 1.15 if found.kind in asked.likely_kinds else 1.0
    return good


def _repeats(asked: Asked, found: Moment) -> bool:
    """Whether the moment is only somebody who asks the same."""
    if found.kind not in ("speech", "transcript", "text") or "?" not in found.text:
        return False
    words = {term[0] for term in asked.terms}
    said = set(found.text.lower().replace("?", " ").replace('"', " ").replace(":", " ").split())
    return len(words) > 1 and len(words & said) >= 0.8 * len(words)


def _once(moments: Iterable[Moment], limit: int) -> list[Moment]:
    """The moments without those that tell the same again."""
    out: list[Moment] = []
    for found in moments:
        known = next((n for n, other in enumerate(out) if _same(found, other)), None)
        if known is None and len(out) < limit:
            out.append(found)
        elif known is not None and found.more.get("phase") == "new":
            out[known] = found  # how an incident began says more than that it is over
    return out


def _same(one: Moment, other: Moment) -> bool:
    if one.kind == other.kind == "alert" and one.name and (one.run, one.name) == (other.run, other.name):
        return True  # one incident, however often it changed
    if one.source != other.source or abs(one.t0_ns - other.t0_ns) > SAME_NS:
        return False
    spoken = {"speech", "transcript"}
    if one.kind in spoken and other.kind in spoken:
        return one.t0_ns == other.t0_ns or one.text == other.text
    return one.text == other.text
