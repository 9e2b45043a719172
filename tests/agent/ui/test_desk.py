"""Commands and questions, whatever the view; and that the documentation knows them."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.ui.attached import AttachError, checked_url
from agent.ui.backend import status
from agent.ui.desk import MAX_HELD, Desk
from agent.ui.inbox import Inbox
from agent.ui.local import source_name, why_not_watched
from agent.ui.slash import COMMANDS, parsed, unknown
from tests.agent.ui.scripted import Scripted

ROOT = Path(__file__).resolve().parents[3]


def test_questions_wait_for_the_models() -> None:
    backend, inbox = Scripted(), Inbox()
    desk = Desk(backend, inbox)
    for n in range(MAX_HELD + 2):
        desk.obey(f"question {n}", {})
    desk.take()
    assert backend.sent == [] and desk.open_questions > 0
    inbox.offer(status("ready", ""))
    desk.take()
    assert [one["text"] for one in backend.sent] == [f"question {n}" for n in range(MAX_HELD)]
    assert "not asked: 16 questions wait already" in [line.text for line in desk.view.lines]


def test_a_question_that_nobody_takes_is_said_and_not_awaited() -> None:
    backend, inbox = Scripted(), Inbox()
    backend.send = lambda command: False  # type: ignore[method-assign]
    desk = Desk(backend, inbox)
    inbox.offer(status("lost", "it went away"))
    desk.take()
    desk.obey("Who?", {})
    desk.take()
    assert desk.view.lines[-1].text == "not asked: it went away" and desk.open_questions == 0


def test_what_a_line_means() -> None:
    assert parsed("Who?") == ("ask", "Who?")
    assert parsed("/se  red car ") == ("search", "red car")
    assert parsed("/re") == ("remarks", "") and parsed("/x y") == ("x", "y") and parsed("/") == ("", "")
    assert "/search" in unknown("serach") and "/help" in unknown("qqqq")


def test_sources_are_named_without_what_is_secret(tmp_path: Path) -> None:
    assert source_name("rtsp://me:secret@10.0.0.7:554/s?key=1", ()) == "10.0.0.7"
    assert source_name("/a/My clip (1).mp4", {"My-clip-1"}) == "My-clip-1-2"
    assert source_name("///", ()) == "source"
    assert why_not_watched("ftp://x").startswith("ftp: is none of")
    assert why_not_watched(str(tmp_path)) and why_not_watched("\0") and why_not_watched("x" * 5000)


@pytest.mark.parametrize("url", ["ftp://x", "http://", "http://a:b@c", "http://h:99999", "http://h/?q", "", "x"])
def test_addresses_that_are_none(url: str) -> None:
    with pytest.raises(AttachError, match="--attach takes"):
        checked_url(url)


def test_every_command_is_documented() -> None:
    text = (ROOT / "docs" / "tui.md").read_text()
    assert not [name for name in COMMANDS if f"| `/{name}" not in text]
