"""What `/metrics` shows."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from agent.archive.attach import Archived
from agent.archive.keeper import Keeper, KeeperOptions
from agent.bus import Bus
from agent.figures import MAX_LABELS, OTHER, Figures, figured
from dialog.events import Alert, Perceived, Reply, TurnChanged
from streams.clock import ManualClock
from streams.types import NS, Health, Percept, VideoFrame
from tests.streams.sources.waiting import until

START = datetime(2026, 11, 23, 9, 0).astimezone()


def shown(figures: Figures) -> dict[tuple[str, str], float]:
    page = generate_latest(figures.registry).decode()
    return {
        (s.name, ",".join(f"{k}={v}" for k, v in sorted(s.labels.items()))): s.value
        for family in text_string_to_metric_families(page)
        for s in family.samples
    }


async def test_all_that_an_operator_wants(tmp_path: Path) -> None:
    clock, bus = ManualClock(START), Bus()
    clock.advance_to(10 * NS)
    async with (
        Keeper(KeeperOptions(tmp_path), clock, bus.publish) as keeper,
        figured(clock, bus, Archived(keeper)) as figures,
    ):
        with bus.tap(keeper.write), bus.listen("socket anna", 2):
            figures.on_frame(VideoFrame("door", 9 * NS, np.zeros((4, 4, 3), np.uint8)), ())
            for n in range(3):
                bus.publish(Perceived(9 * NS, Percept(f"door/v{n}", "object", "door", 9 * NS, 9 * NS, f"thing {n}")))
            bus.publish(Health("camera:door", "failed", "gone"))
            bus.publish(Health("camera:yard", "ok", "there"))
            bus.publish(Alert(9 * NS, "a1", "door", "alarm", "new", "somebody", ()))
            bus.publish(Alert(9 * NS, "a1", "door", "alarm", "end", "somebody", ()))
            bus.publish(Reply(9 * NS, 1, 8 * NS, "Who?", "A person.", (), 0.25, 0.4, 3, ""))
            bus.publish(TurnChanged(9 * NS, "call", "speaking", 1, "", 0.6))
            await keeper.flush()
            clock.advance_to(71 * NS)
            await until(lambda: keeper.held.events > 0)
            told = shown(figures)
    assert told["heed_frames_total", "source=door"] == 1
    assert told["heed_last_frame_timestamp_seconds", "source=door"] == START.timestamp() + 9
    assert told["heed_percepts_total", "kind=object,source=door"] == 3
    assert told["heed_perception_delay_seconds_sum", ""] == 3.0
    assert told["heed_health", "component=camera:door"] == 0 and told["heed_health", "component=camera:yard"] == 2
    assert told["heed_alerts_total", "rule=door,severity=alarm"] == 1
    assert told["heed_answer_first_token_seconds_sum", ""] == 0.25
    assert told["heed_answer_first_audio_seconds_sum", ""] == 0.4
    assert told["heed_turn_seconds_count", ""] == 1
    assert told["heed_queue_dropped_total", "queue=socket"] == 7
    assert told["heed_archive_written_total", ""] == 8 == told["heed_archive_events", ""]
    assert told["heed_archive_bytes", "what=database"] > 0 and told["heed_archive_free_bytes", ""] > 0
    assert told["heed_archive_lost_total", ""] == 0 == told["heed_archive_waiting", ""]
    assert told["process_resident_memory_bytes", ""] > 0
    assert told["heed_loop_lag_seconds_count", ""] >= 1


def test_names_from_outside_are_bounded() -> None:
    figures = Figures(ManualClock())
    for n in range(MAX_LABELS + 50):
        figures.on_event(Perceived(0, Percept(f"s{n}/v", "object", f"s{n}\n{{}}", 0, 0, "a dog")))
    told = shown(figures)
    sources = [key for key in told if key[0] == "heed_percepts_total"]
    assert len(sources) == MAX_LABELS + 1
    assert told["heed_percepts_total", f"kind=object,source={OTHER}"] == 50


def test_pictures_at_which_nobody_looks_are_not_counted_as_looked_at() -> None:
    figures = Figures(ManualClock(START))
    frame = VideoFrame("door", NS, np.zeros((4, 4, 3), np.uint8))
    figures.threads(lambda: {"vision": 1})
    figures.on_event(Health("vision:door", "failed", "a step hangs"))
    figures.on_frame(frame, ())
    assert ("heed_frames_total", "source=door") not in shown(figures)
    figures.on_event(Health("vision:door", "ok", "it goes on"))
    figures.on_frame(frame, ())
    told = shown(figures)
    assert told["heed_frames_total", "source=door"] == 1 and told["heed_lost_threads", "lane=vision"] == 1
