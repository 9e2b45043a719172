"""One question, one answer, without a conversation around it: what `heed ask` and the measurements use."""

from __future__ import annotations

from dialog.events import Reply
from dialog.mind import Mind, rests_on
from streams.clock import Stopwatch


def answer(mind: Mind, question: str, now: str, now_ns: int, max_new_tokens: int = 96) -> Reply:
    """Ask and wait for the end. Blocking.

    Args:
        mind: what remembers and answers.
        question: as a user would put it.
        now: the time as people say it.
        now_ns: stream time.
        max_new_tokens: upper bound of the answer's length.
    """
    watch = Stopwatch()
    thought = mind.ask(question, (), now, now_ns, max_new_tokens)
    piece = thought.step()
    ttft_s = watch.elapsed_s()
    while piece is not None:
        piece = thought.step()
    sentences = tuple(thought.evidence())
    return Reply(
        now_ns, 1, now_ns, question, thought.text.strip(), rests_on(sentences), ttft_s, None, len(thought.tokens), "",
        sentences=sentences,
    )  # fmt: skip
