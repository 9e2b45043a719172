"""Scores of perception: reading the ground truth, matching, counting."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import pytest

from agent.bench import perception_score as score
from agent.bench.perception import read_manifest, run
from agent.bench.perception_score import Passage
from streams import wording
from streams.errors import MediaError
from streams.types import Kind, Percept, ns


def item(events: list[tuple[float, float, str]], **more: Any) -> dict[str, Any]:
    told = [{"t0": t0, "t1": t1, "description": text} for t0, t1, text in events]
    return {"file": "video/x.mp4", "duration_s": 30.0, "events": told, **more}


def percept(kind: Kind, t_s: float, text: str) -> Percept:
    return Percept("", kind, "x", ns(t_s), ns(t_s), text)


def test_single_people_in_a_room() -> None:
    room = item([(0, 6, "empty room, 0 people"), (6, 19.7, "1 person: woman; leaves right"), (19.8, 30, "empty")])
    assert score.passages(room) == [Passage(6, True, "person"), Passage(19.7, False, "person")]


def test_overlapping_cars() -> None:
    cars = item(
        [(0, 4, "empty asphalt"), (4, 9, "1 white hatchback"), (14, 18, "light teal sedan"), (15, 19, "red sedan"),
         (25, 30, "1 white sports car (coupe), top to bottom")]
    )  # fmt: skip
    found = score.passages(cars)
    assert found is not None and all(p.noun == "vehicle" for p in found)
    assert [(p.t_s, p.enters) for p in found] == [
        (4, True), (9, False), (14, True), (15, True), (18, False), (19, False), (25, True),
    ]  # fmt: skip


def test_counts_over_time() -> None:
    hall = item([(0, 2, "empty"), (2, 5, "1 person"), (5, 8, "3 people"), (8, 12, "2 people"), (12, 30, "empty")])
    found = score.passages(hall) or []
    assert [(p.t_s, p.enters) for p in found] == [
        (2, True), (5, True), (5, True), (8, False), (12, False), (12, False),
    ]  # fmt: skip


def test_events_that_do_not_tell() -> None:
    assert score.passages(item([(0, 5, "a man talks")])) is None


def test_claims_and_their_names() -> None:
    found = score.claimed(
        [
            percept("object", 1, wording.enters("something", "left")),
            percept("object", 3, wording.recognised("car")),
            percept("object", 5, wording.leaves("car", "top", 4.0)),
            percept("object", 6, wording.enters("person", "middle")),
            percept("object", 7, wording.moves("person", "left", "right")),
            percept("count", 7, wording.count("person", 1)),
            percept("object", 9, wording.leaves("something", "middle")),
        ]
    )
    assert found == [
        Passage(1, True, "vehicle"), Passage(5, False, "vehicle"), Passage(6, True, "person"),
        Passage(9, False, "something"),
    ]  # fmt: skip


def test_matching_is_one_to_one_and_by_kind() -> None:
    truth = [Passage(5, True, "person"), Passage(9, False, "person"), Passage(20, True, "vehicle")]
    found = [
        Passage(5.9, True, "person"), Passage(6.2, True, "person"), Passage(9.5, True, "person"),
        Passage(10, False, "something"), Passage(20.1, True, "person"),
    ]  # fmt: skip
    result = score.score_passages(truth, found)
    assert (result.hits, result.missed, result.false) == (3, 0, 2)
    assert (result.right_noun, result.wrong_noun) == (1, 1)
    assert result.f1 == pytest.approx(6 / 8)
    assert score.score_passages([], []).f1 == 1 and score.score_passages(truth, []).f1 == 0


def test_cuts() -> None:
    assert score.cuts_of({"cuts": [3, 6]}) == [3.0, 6.0]
    assert score.cuts_of(item([(8.05, 8.1, "hard cut"), (0, 1, "dissolve")])) == [8.05]
    assert score.score_times([3, 6], [3.1, 6.9]) == score.Score(1, 1, 1, 0, 1)


def test_nobody() -> None:
    assert score.shows_nobody(item([(0, 5, "3 water bottles standing, no hand"), (5, 6, "hand takes one")]))
    assert score.shows_nobody(item([(0, 5, "empty desk"), (0, 5, "no people")]))
    assert not score.shows_nobody(item([(0, 5, "two men")]))
    assert not score.shows_nobody(item([(0, 5, "a bag")], people_max=1))
    claims = score.persons_claimed(
        [percept("object", 1, "a person appears"), percept("count", 1, "nobody is in view"),
         percept("sign", 1, 'a sign reads "person"')]
    )  # fmt: skip
    assert claims == ["a person appears"]


def test_texts_are_read_but_for_a_few_letters() -> None:
    signs = [percept("sign", 0, wording.sign("Theatre du PALAlS-ROYAL Musee"))]
    wanted = ["Théâtre du PALAIS-ROYAL", "Musée du LOUVRE", "musée"]
    assert score.texts_read(wanted, signs) == ["Théâtre du PALAIS-ROYAL", "musée"]
    assert score.piece_distance("abc", "xxabdxx") == 1


def test_a_missing_or_odd_manifest_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(MediaError, match="--media"):
        read_manifest(tmp_path)
    (tmp_path / "manifest.json").write_text('{"file": 1}')
    with pytest.raises(MediaError, match="list of objects"):
        read_manifest(tmp_path)
    (tmp_path / "manifest.json").write_text("[]")
    with pytest.raises(MediaError, match="no recording"):
        run(argparse.Namespace(media=tmp_path, only="nothing"))


@pytest.mark.media
def test_the_real_manifest_is_understood(manifest: dict[str, dict[str, Any]]) -> None:
    room = score.passages(manifest["video/room_one_by_one_a.mp4"]) or []
    assert [p.t_s for p in room] == [6.0, 19.7, 22.7, 44.8, 50.2, 69.7] and {p.noun for p in room} == {"person"}
    cars = score.passages(manifest["video/carpark_cars_topdown.mp4"]) or []
    assert len(cars) == 8 and {p.noun for p in cars} == {"vehicle"}
    assert score.shows_nobody(manifest["video/bottles_a.mp4"])
