import json
from datetime import datetime
from pathlib import Path

import pytest

from agent.percepts_file import read_percepts
from streams.errors import MediaError
from streams.types import NS
from streams.wording import clock


def write(tmp_path: Path, *lines: object) -> Path:
    path = tmp_path / "state.jsonl"
    path.write_text("".join((x if isinstance(x, str) else json.dumps(x)) + "\n" for x in lines))
    return path


def test_percepts_are_read_in_order_of_time(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        {"type": "percept", "id": "b", "t0": 5, "text": "second"},
        "",
        {"type": "transcript", "t0": 1, "text": "not a percept"},
        {"t0": 2, "text": "first, without type or id"},
    )
    file = read_percepts(path)
    assert [p.text for p in file.percepts] == ["first, without type or id", "second"]
    assert file.wall_start is None
    assert file.time_ns("7.5") == 7_500_000_000


def test_wall_clock_times(tmp_path: Path) -> None:
    path = write(tmp_path, {"t0": "2026-11-22T14:05", "text": "b"}, {"t0": "2026-11-22T14:00", "text": "a"})
    file = read_percepts(path)
    assert [(p.text, p.t0_ns) for p in file.percepts] == [("a", 0), ("b", 300 * NS)]
    assert file.time_ns("2026-11-22T15:00") == 3600 * NS


def test_unix_times_are_dates(tmp_path: Path) -> None:
    """As other programs write them; told as minutes since the start they were numbers of eight digits."""
    start = datetime(2025, 12, 1, 9, 0).astimezone()
    unix = start.timestamp()
    path = write(tmp_path, {"t0": unix + 600.5, "t1": unix + 700, "text": "b"}, {"t": int(unix), "text": "a"})
    file = read_percepts(path)
    assert file.wall_start == start
    assert [(p.text, p.t0_ns, p.t1_ns) for p in file.percepts] == [
        ("a", 0, 0),
        ("b", 600_500_000_000, 700 * NS),
    ]
    assert file.time_ns(str(unix + 3600)) == file.time_ns("2025-12-01T10:00") == 3600 * NS
    assert clock(file.percepts[1].t0_ns, file.wall_start) == "09:10"


@pytest.mark.parametrize("t0", [1e9 - 1, 5e9])
def test_other_numbers_are_seconds_since_the_start(tmp_path: Path, t0: float) -> None:
    file = read_percepts(write(tmp_path, {"t0": t0, "text": "a"}))
    assert file.wall_start is None and file.percepts[0].t0_ns == int(t0) * NS


def test_a_unix_time_for_now_needs_dates_in_the_file(tmp_path: Path) -> None:
    file = read_percepts(write(tmp_path, {"t0": 5, "text": "a"}))
    with pytest.raises(MediaError, match="--now is neither seconds nor an ISO 8601 or Unix time"):
        file.time_ns("1764586800")


def test_equal_ids_are_told_apart(tmp_path: Path) -> None:
    file = read_percepts(write(tmp_path, {"id": "x", "t0": 1, "text": "a"}, {"id": "x", "t0": 2, "text": "b"}))
    assert len({p.id for p in file.percepts}) == 2


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ((), "holds no percepts"),
        (({"type": "reply", "text": "x"},), "holds no percepts"),
        (("{",), "line 1: not JSON"),
        (({"t0": 1, "text": "x"}, {"t0": 1}), "line 2: 'text' is missing"),
        (({"t0": "2026-11-22T14:00", "text": "x"}, {"t0": "?", "text": "x"}), "line 2: 't0' is not seconds"),
        (("\x00\x01\x02 not text",), "line 1: not JSON"),
        (("[1, 2]",), "line 1: a JSON object is expected"),
        (('{"t0": NaN, "text": "x"}',), "line 1: 't0' is missing or not a time"),
        (
            ({"t0": "9999-12-31T23:00", "text": "x"}, {"t0": 9e9, "text": "x"}),
            "line 2: the time is beyond the calendar",
        ),
    ],
)
def test_a_wrong_file_is_one_clear_line(tmp_path: Path, lines: tuple[object, ...], message: str) -> None:
    with pytest.raises(MediaError, match=message) as caught:
        read_percepts(write(tmp_path, *lines))
    assert "\n" not in str(caught.value)


def test_a_missing_or_oversized_file(tmp_path: Path) -> None:
    with pytest.raises(MediaError, match="cannot read"):
        read_percepts(tmp_path / "none")
    big = tmp_path / "big"
    with big.open("wb") as file:
        file.truncate(65 * 1024 * 1024)
    with pytest.raises(MediaError, match="more than 64 MiB: that is no state file"):
        read_percepts(big)
    with pytest.raises(MediaError, match="more than 64 MiB"):
        read_percepts(Path("/dev/zero"))
    with pytest.raises(MediaError, match="Is a directory"):
        read_percepts(tmp_path)
    with pytest.raises(MediaError, match="--now is neither seconds nor an ISO 8601 or Unix time"):
        read_percepts(write(tmp_path, {"t0": 1, "text": "a"})).time_ns("soon")
