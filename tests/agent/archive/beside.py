"""Everything is deleted while somebody reads: what the tests of deletion and of the keeper begin with."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, cast

import pytest

from agent.archive.asked import Filter
from agent.archive.erase import erase
from agent.archive.schema import ArchiveError
from agent.archive.search import Search
from agent.archive.store import Store


def erased_beside_a_reader(search: Search, store: Store) -> Generator[Any, None, None]:
    """Deletes all events beside a reading, which it returns: close it, and the log can be emptied."""
    store.db.execute("PRAGMA busy_timeout=0")
    reading = cast("Generator[Any, None, None]", search.moments(Filter()))
    next(reading)
    with pytest.raises(ArchiveError, match="somebody reads it: end the export and delete again"):
        erase(store, Filter())
    return reading
