"""The report: whole and harmless whatever was seen or heard, and linked to its evidence."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.report import write_report
from agent.report.rows import story

JPEG = b"\xff\xd8\xff\xe0" + bytes(100)
EVIL = "\"><script>alert(1)</script><img src=x onerror=alert(1)>'</style></title>&${x}$style `javascript:alert(1)`"
VOID = {"meta", "img", "input", "br", "link"}


def percept(name: str, text: str, t0: float, kind: str = "sign", source: str = "room", **more: Any) -> dict[str, Any]:
    return {
        "t": t0,
        "type": "percept",
        "id": name,
        "kind": kind,
        "source": source,
        "t0": t0,
        "t1": t0,
        "text": text,
    } | more


def reply(text: str, evidence: list[str], t: float = 9.0, **more: Any) -> dict[str, Any]:
    event = {"t": t, "type": "reply", "asked": t - 2, "question": "What?", "text": text, "evidence": evidence}
    return event | {"ttft_s": 0.4, "first_audio_s": 0.7, "tokens": 3, "spoken": text, "source": "call"} | more


class Page(HTMLParser):
    """Every tag with its attributes, the text by tag, and whether all tags are closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(attrs) == len(dict(attrs))
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] not in ("script", "style"):
            self.text += data

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


def written(tmp_path: Path, events: list[dict[str, Any]], **more: Any) -> Page:
    out = tmp_path / "report.html"
    write_report(events, out, more.pop("title", "a run"), **more)
    return Page(out.read_text(encoding="utf-8"))


def assert_harmless(page: Page) -> None:
    assert len(page.named("script")) == 1 and page.named("script")[0] == {}
    assert len(page.named("style")) == 1
    assert {tag for tag, _ in page.tags} <= {
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "a",
        "header",
        "h1",
        "ul",
        "li",
        "b",
        "main",
        "section",
        "h2",
        "div",
        "span",
        "i",
        "p",
        "q",
        "time",
        "article",
        "audio",
        "button",
        "input",
        "output",
        "ol",
        "small",
        "sup",
        "footer",
        "script",
        "img",
    }
    for _, attrs in page.tags:
        assert not any(name.startswith("on") for name in attrs)
        for name in ("href", "src"):
            link = attrs.get(name)
            assert link is None or link.startswith(("#", "data:image/")) or re.fullmatch(r"[\w./%-]+", link), link
            assert link is None or ":" not in link or link.startswith("data:image/")


def test_nothing_is_loaded_from_anywhere(tmp_path: Path) -> None:
    events = [percept("room/v1", "a sign", 1.0), reply("It says so.", ["room/v1"])]
    page = written(tmp_path, events, pictures={"room/v1": JPEG}, audio={"1": tmp_path / "reply-1.wav"})
    html = (tmp_path / "report.html").read_text()
    assert not re.search(r"https?:|//[a-z]|@import|url\(", html.replace("src='self'", ""))
    assert page.named("audio")[0]["src"] == "reply-1.wav"
    policy = next(m["content"] for m in page.named("meta") if m.get("http-equiv") == "Content-Security-Policy")
    assert policy and policy.startswith("default-src 'none'") and "script-src 'sha256-" in policy
    assert_harmless(page)


@pytest.mark.parametrize("kind", ["percept", "transcript", "reply", "translation", "alert", "health"])
def test_hostile_text_stays_text_in_every_field(tmp_path: Path, kind: str) -> None:
    fields = [
        "text",
        "source",
        "speaker",
        "kind",
        "question",
        "spoken",
        "id",
        "component",
        "state",
        "reason",
        "rule",
        "severity",
        "phase",
        "lang",
    ]
    event: dict[str, Any] = dict.fromkeys(fields, EVIL) | {"t": 1, "t0": 1, "t1": 2, "type": kind, "evidence": [EVIL]}
    sentences = [{"text": EVIL, "evidence": [EVIL, "gone"]}]
    asked = reply(EVIL, [EVIL, "gone"], question=EVIL, sentences=sentences)
    events = [event, percept(EVIL, EVIL, 0.5, kind="sign", source=EVIL), asked]
    page = written(tmp_path, events, title=EVIL, pictures={EVIL: JPEG, "x": b"<svg onload=alert(1)>"})
    assert_harmless(page)
    assert "<script>alert(1)</script>" in page.text, "shown as it was read"


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(
                [
                    "t",
                    "type",
                    "kind",
                    "source",
                    "text",
                    "t0",
                    "t1",
                    "id",
                    "evidence",
                    "sentences",
                    "asked",
                    "confidence",
                    "ttft_s",
                    "speaker",
                ]
            ),
            st.one_of(
                st.none(),
                st.booleans(),
                st.integers(),
                st.floats(),
                st.text(max_size=20),
                st.sampled_from(["percept", "reply", "transcript", "alert", "health", "<b>", "</script>", "\ud800"]),
                st.lists(st.text(max_size=4), max_size=3),
                st.lists(
                    st.dictionaries(st.sampled_from(["text", "evidence"]), st.just(["\ud800", "<b>"]) | st.text())
                ),
            ),
        ),
        max_size=8,
    )
)
def test_a_report_of_damaged_events_is_still_a_report(tmp_path: Path, events: list[dict[str, Any]]) -> None:
    assert_harmless(written(tmp_path, events))


def test_a_reply_names_its_evidence_and_the_evidence_its_reply(tmp_path: Path) -> None:
    events = [percept("room/v1", "one", 1.0), percept("room/v2", "two", 2.0), reply("Two.", ["room/v2", "old/v9"])]
    page = written(tmp_path, events, pictures={"room/v2": JPEG})
    card = next(attrs for attrs in page.named("article"))
    row = next(a for a in page.named("li") if a.get("id") == "e1")
    assert card["data-evidence"] == "1" and row["data-row"] == "1"
    links = [a["href"] for a in page.named("a")]
    assert "#e1" in links and links.count("#r1") == 2, "from the evidence and from the answer's own row"
    assert "old/v9, no longer kept" in page.text
    assert len(page.named("img")) == 2
    buttons = [a for a in page.named("button") if a.get("class") == "pick"]
    assert [b["aria-pressed"] for b in buttons] == ["false"]


def test_each_sentence_has_marks_that_lead_to_what_it_rests_on(tmp_path: Path) -> None:
    sentences = [
        {"text": "It is two.", "evidence": ["room/v2"]},
        {"text": "It was one.", "evidence": ["room/v1", "old/v9"]},
    ]
    said = reply("It is two. It was one. Well.", ["room/v1", "room/v2"], sentences=sentences)
    page = written(tmp_path, [percept("room/v1", "one", 1.0), percept("room/v2", "two", 2.0), said])
    parts = [a for a in page.named("span") if a.get("class") == "s"]
    assert [a["data-evidence"] for a in parts] == ["1", "0"]
    marks = [a for a in page.named("a") if a.get("class") == "n"]
    assert [(a["href"], a["data-row"], a["title"]) for a in marks] == [
        ("#e1", "1", "0:02 room: two"),
        ("#e0", "0", "0:01 room: one"),
    ]
    assert all(a["aria-label"] for a in marks), "a bare number says nothing to who hears the page"
    assert [a["title"] for a in page.named("span") if a.get("class") == "n"] == ["old/v9, no longer kept"]
    assert "It is two.1 It was one.2 3 Well." in page.text
    listed = [a["data-row"] for a in page.named("a") if "data-row" in a and "class" not in a]
    assert listed == ["1", "0"], "by number"


def test_an_older_reply_without_sentences_is_shown_whole(tmp_path: Path) -> None:
    page = written(tmp_path, [percept("room/v1", "one", 1.0), reply("It was one.", ["room/v1"])])
    assert "It was one." in page.text and not [a for a in page.named("span") if a.get("class") == "s"]


def test_what_was_said_is_listed_once(tmp_path: Path) -> None:
    said = {"t": 3, "type": "transcript", "t0": 1.0, "t1": 2.0, "source": "mic", "speaker": "", "text": 'The "keys".'}
    doubled = percept("mic/a1", "a voice says: \"The 'keys'.\"", 1.1, "speech", "mic")
    assert [row.id for row in story([said, doubled]).rows] == ["mic/a1"]
    assert len(story([said]).rows) == 1
    assert len(story([said, doubled | {"source": "other"}]).rows) == 2
    assert len(story([said, doubled | {"t0": 9.0, "t1": 9.0}]).rows) == 2


def test_interim_events_are_left_out() -> None:
    events = [{"t": 1, "type": t, "text": "x", "t0": 0, "t1": 1} for t in ("partial", "reply_delta", "caption", "new")]
    assert story(events).rows == ()


def test_only_real_pictures_of_bearable_size_are_shown(tmp_path: Path) -> None:
    events = [percept(f"v{n}", "x", n) for n in range(4)]
    pictures = {"v0": JPEG, "v1": b"GIF89a", "v2": JPEG + bytes(500_000), "v3": b"\x89PNG\r\n", "v9": JPEG}
    shown = [a["src"] or "" for a in written(tmp_path, events, pictures=pictures).named("img")]
    assert [s.split(";")[0] for s in shown] == ["data:image/jpeg", "data:image/png"]


def test_times_of_day_where_they_are_known(tmp_path: Path) -> None:
    start = datetime(2026, 11, 22, 14, 3, 0, tzinfo=UTC)
    assert "14:03:30" in written(tmp_path, [percept("v", "x", 30.0)], wall_start=start).text
    assert "0:30" in written(tmp_path, [percept("v", "x", 30.0)]).text


def test_sound_files_elsewhere_are_linked_relatively(tmp_path: Path) -> None:
    folder = tmp_path / "a b"
    folder.mkdir()
    page = written(tmp_path, [reply("x", [])], audio={"1": folder / 'r"1#.wav'})
    assert page.named("audio")[0]["src"] == "a%20b/r%221%23.wav"


def test_an_empty_run_and_a_long_one(tmp_path: Path) -> None:
    assert "Nothing was asked." in written(tmp_path, []).text
    events = [percept(f"room/v{n}", f"event {n}", n * 2.0, "motion") for n in range(5000)]
    events.insert(700, reply("x", ["room/v4999"], 1400.0))
    page = written(tmp_path, events)
    assert len([a for a in page.named("li") if "data-row" in a]) == 5000
    assert (tmp_path / "report.html").stat().st_size < 4_000_000


def test_marks_lie_within_the_strip(tmp_path: Path) -> None:
    page = written(tmp_path, [percept("v1", "x", 0.0), percept("v2", "y", 5.0, t1=8.0), reply("z", [], 10.0)])
    spans = [re.fullmatch(r"left:([\d.]+)%;width:([\d.]+)%", a["style"] or "") for a in page.named("i")]
    assert len(spans) == 3 and all(m and float(m[1]) + float(m[2]) <= 100.01 for m in spans)
