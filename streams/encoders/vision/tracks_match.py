"""Which region belongs to which tracked thing."""

from __future__ import annotations

from dataclasses import dataclass, field

from streams.encoders.vision.motion import Blob
from streams.encoders.vision.tracks_state import Edges, Track, area, center, expand, gap, overlap, shared, shift


@dataclass(slots=True)
class Matches:
    """The outcome for one picture."""

    owned: dict[int, list[Blob]] = field(default_factory=dict)
    """By track number: its regions, the main one first."""
    hidden: dict[int, int] = field(default_factory=dict)
    """By track number: the track behind or beside which it has vanished into one region."""
    free: list[Blob] = field(default_factory=list)
    """Regions of no thing so far."""


def match(tracks: list[Track], blobs: list[Blob], now_ns: int, width: int) -> Matches:
    """Give each region to at most one thing: main regions by overlap with where the thing should be, the best first."""
    expected = {track.number: _expected(track, now_ns) for track in tracks}
    pairs = []
    for track in tracks:
        for index, blob in enumerate(blobs):
            # where it should be by now, or where it was when it stopped
            score = max(_score(track, where, blob, width) for where in (expected[track.number], track.box))
            if score > 0:
                pairs.append((-score, track.number, index))
    result = Matches()
    taken: dict[int, int] = {}
    for _, number, index in sorted(pairs):
        if number not in result.owned and index not in taken:
            result.owned[number] = [blobs[index]]
            taken[index] = number
    for index, blob in enumerate(blobs):
        if index in taken:
            continue
        owner = _fragment_of(tracks, expected, result, blob, width)
        if owner is None:
            result.free.append(blob)
        else:
            result.owned[owner].append(blob)
    for track in tracks:
        if track.number not in result.owned:
            behind = _behind(track, expected, result)
            if behind is not None:
                result.hidden[track.number] = behind
    return result


def _expected(track: Track, now_ns: int) -> Edges:
    after_s = min(1.0, (now_ns - track.seen_ns) / 1e9)
    return shift(track.box, track.speed[0] * after_s, track.speed[1] * after_s)


def _score(track: Track, where: Edges, blob: Blob, width: int) -> float:
    """How well a region fits: 0 not at all, up to about 2.5."""
    box: Edges = blob.box
    common = shared(where, box)
    moving = abs(track.speed[0]) + abs(track.speed[1]) > 0.06 * width
    if common > 0:
        score = common / max(1.0, min(area(where), area(box))) + overlap(where, box)
        if moving and track.still < 0.3 and overlap(track.box, box) < 0.7:
            score -= 0.6 * blob.still  # what moved a moment ago is not the patch that stands still
        return max(0.01, score + (0.4 if track.confirmed else 0.0))
    reach = max(4.0, 0.25 * max(where[2] - where[0], where[3] - where[1]))
    if shared(expand(where, reach), box) > 0 and not (moving and blob.still > 0.8):
        (x0, y0), (x1, y1) = center(where), center(box)
        return 0.1 / (1.0 + abs(x0 - x1) + abs(y0 - y1))
    return 0.0


def _fragment_of(
    tracks: list[Track], expected: dict[int, Edges], result: Matches, blob: Blob, width: int
) -> int | None:
    """The thing that a left-over region is a piece of."""
    best, best_share = None, 0.0
    for track in tracks:
        if track.number not in result.owned:
            continue
        where, main = expected[track.number], result.owned[track.number][0]
        inside = shared(where, blob.box) / max(1.0, area(blob.box))
        near = gap(main.box, blob.box) <= 0.02 * width
        large = blob.area >= 0.5 * main.area
        if (inside >= 0.5 or (near and not large) or (near and inside >= 0.3)) and inside + 0.01 > best_share:
            best, best_share = track.number, inside + 0.01
    return best


def _behind(track: Track, expected: dict[int, Edges], result: Matches) -> int | None:
    where = expected[track.number]
    best, best_share = None, 0.4
    for number, blobs in result.owned.items():
        share = max(shared(where, blob.box) for blob in blobs) / max(1.0, area(where))
        if share > best_share:
            best, best_share = number, share
    return best
