"""Takes things out of the archive: what is too old, and what a person wants gone, without a trace. Blocking."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

from agent.archive.asked import Filter
from agent.archive.pictures import DAY_NS, Limits
from agent.archive.records import RECALLED
from agent.archive.schema import BUSY_MS, ArchiveError
from agent.archive.search import condition
from agent.archive.store import Store

_BATCH = 500


def erase(store: Store, only: Filter, ids: Sequence[int] | None = None) -> int:
    """Delete all events that pass the filter, with their pictures and clips; returns how many.

    Alerts and answers that rest on one of them go with it: they say again what it said. Nothing stays: not in the
    tables (overwritten with zeros), not in the index of words (rewritten), not in the write-ahead log (emptied), not as
    bits of meaning. A text that other events say too stays for those.

    Args:
        store: the archive.
        only: what to delete; an empty one deletes everything.
        ids: only these of them; None: all.

    Raises:
        ArchiveError: it cannot be written, or somebody reads the log. What was deleted up to then is.
    """
    gone = 0
    where, values = condition(only)
    query = f"SELECT e.id FROM events e JOIN sources s ON s.id = e.source WHERE {where}"
    wanted = [int(row[0]) for row in store.db.execute(query, values)]
    if ids is not None:
        chosen = set(ids)
        wanted = [number for number in wanted if number in chosen]
    wanted += sorted(_resting_on(store, wanted))
    for at in range(0, len(wanted), _BATCH):
        with store.transaction():
            gone += _erase(store, wanted[at : at + _BATCH])
    if gone:
        rewrite(store)
    if not empty_log(store):
        raise ArchiveError(
            "deleted, but the log of the archive holds it while somebody reads it: end the export and delete again, or "
            "leave that to a running heed, which tries every minute"
        )
    return gone


def rewrite(store: Store) -> None:
    """Let go of what deleted events left behind in the index of words.

    Raises:
        ArchiveError: the disk is full.
    """
    with store.transaction():
        # Merging all of the index leaves no entry of a deleted text, and no mark that it was there.
        store.db.execute("INSERT INTO words(words) VALUES('optimize')")
        store.db.execute("DELETE FROM sources WHERE id NOT IN (SELECT source FROM events)")


def empty_log(store: Store, wait: bool = True) -> bool:
    """Let go of what the log and free pages hold of deleted events; False: somebody reads them still, after a while of
    waiting or at once.

    Raises:
        ArchiveError: the disk refuses.
    """
    try:
        if not wait:
            store.db.execute("PRAGMA busy_timeout=0")
        return not store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    except sqlite3.Error as error:
        raise ArchiveError(f"the archive in {store.folder} cannot be written: {error}") from error
    finally:
        if not wait:
            store.db.execute(f"PRAGMA busy_timeout={BUSY_MS}")


def sweep(store: Store, now_ns: int, limits: Limits) -> int:
    """Remove pictures and events that are too old or too much, and empty the log; returns how many events went.

    Raises:
        ArchiveError: it cannot be written.
    """
    with store.transaction():
        store.pictures.sweep(now_ns, limits)
    gone = 0
    for kinds, days in (("kind != 'alert'", limits.events_days), ("kind = 'alert'", limits.alerts_days)):
        limit = now_ns - round(days * DAY_NS)
        query = f"SELECT id FROM events WHERE t0_ns < ? AND {kinds} ORDER BY t0_ns LIMIT {_BATCH}"
        while old := [int(row[0]) for row in store.db.execute(query, (limit,))]:
            with store.transaction():
                gone += _erase(store, old)
    empty_log(store, wait=False)  # a deletion may have left it while somebody read
    return gone


def _resting_on(store: Store, ids: Sequence[int]) -> set[int]:
    """The alerts and answers whose evidence is among these events, themselves not among them."""
    chosen, told = set(ids), set[tuple[int, str]]()
    for at in range(0, len(ids), _BATCH):
        some = ids[at : at + _BATCH]
        marks = ",".join("?" * len(some))
        query = f"SELECT run, name FROM events WHERE name != '' AND id IN ({marks})"
        told.update((int(run), str(name)) for run, name in store.db.execute(query, some))
    found: set[int] = set()
    if chosen:
        query = "SELECT id, run, more FROM events WHERE kind IN ('alert', 'reply') AND more IS NOT NULL"
        for number, run, more in store.db.execute(query):
            for name in json.loads(more).get("evidence", ()):
                recalled = RECALLED.search(str(name))
                if (run, name) in told or (recalled is not None and int(recalled[1]) in chosen):
                    found.add(int(number))
    return found - chosen


def _erase(store: Store, ids: Sequence[int]) -> int:
    """Delete events, pictures and clips that no other event shows, and texts that no other event says. Within a
    transaction."""
    db, marks = store.db, ",".join("?" * len(ids))
    rows = db.execute(f"SELECT DISTINCT text, picture, clip FROM events WHERE id IN ({marks})", ids).fetchall()
    gone = db.execute(f"DELETE FROM events WHERE id IN ({marks})", ids).rowcount
    for text_id in {int(row[0]) for row in rows}:
        if db.execute("SELECT 1 FROM events WHERE text=? LIMIT 1", (text_id,)).fetchone():
            continue
        text = db.execute("SELECT text FROM texts WHERE id=?", (text_id,)).fetchone()
        if text is not None:
            db.execute("INSERT INTO words(words, rowid, text) VALUES('delete', ?, ?)", (text_id, text[0]))
            db.execute("DELETE FROM texts WHERE id=?", (text_id,))
    for column, at in (("picture", 1), ("clip", 2)):
        for number in {int(row[at]) for row in rows if row[at] is not None}:
            if not db.execute(f"SELECT 1 FROM events WHERE {column}=? LIMIT 1", (number,)).fetchone():
                store.pictures.forget(number)
    return gone
