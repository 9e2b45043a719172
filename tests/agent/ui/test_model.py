"""The model of the screen and the hop before it."""

from __future__ import annotations

from agent.ui.inbox import MAX_PERCEPTS, Inbox
from agent.ui.model import View, advance


def test_a_burst_loses_percepts_but_no_line_of_the_conversation() -> None:
    inbox = Inbox()
    for n in range(1000):
        inbox.offer({"type": "percept", "id": f"a/v{n}", "kind": "motion", "source": "a", "t0": n, "text": f"{n}"})
        inbox.offer({"type": "partial", "source": "a", "text": f"word {n}"})
        if n % 100 == 0:
            inbox.offer({"type": "reply", "source": "s", "generation": n, "text": f"answer {n}"})
    taken, left_out = inbox.take()
    view = advance(View(), taken, left_out)
    assert [line.text for line in view.lines] == [f"answer {n}" for n in range(0, 1000, 100)]
    assert len(view.moments) == MAX_PERCEPTS and view.moments[-1].text == "999" and view.left_out == 800
    assert view.partials == (("a", "word 999"),)


def test_a_reply_grows_and_is_finished_in_place() -> None:
    view = advance(View(), [{"type": "asked", "text": "Who?", "correlation": "tui-1"}])
    view = advance(view, [{"type": "reply_delta", "source": "s", "generation": 1, "text": "A"}])
    view = advance(view, [{"type": "reply_delta", "source": "s", "generation": 1, "text": " man"}])
    assert view.lines[-1].text == "A man" and view.lines[-1].growing
    done = {
        "type": "reply",
        "source": "s",
        "generation": 1,
        "question": "Who?",
        "text": "A man.",
        "correlation": "tui-1",
    }
    view = advance(view, [done | {"evidence": ["a/v1"]}])
    assert [(line.who, line.text) for line in view.lines] == [("you", "Who?"), ("heed", "A man.")]
    assert view.lines[-1].evidence == ("a/v1",) and view.asked == ()


def test_control_sequences_never_reach_the_view() -> None:
    evil = "\x1b[2J\x1b]52;c;AAAA\x07[red]\u202e\ud800 hi"
    names = ("asked", "reply", "reply_delta", "percept", "transcript", "partial", "alert", "note", "status")
    view = advance(View(), [{"type": name, "text": evil, "phase": "new", "source": evil, "id": "x"} for name in names])
    shown = repr([view.lines, view.subtitles, view.partials, view.status, [m.text for m in view.moments]])
    assert "\\x1b" not in shown and "\\x07" not in shown and "\\u202e" not in shown and "\\ud800" not in shown
