"""`heed bench call`, self-answers: the agent's own voice comes back through the caller's microphone."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher

from agent.bench.call_barge import FIRST_S, PROMPTS, whole
from agent.bench.call_latency import ANSWER_S, TALK_S, is_reply, quiet
from agent.bench.call_line import Event, Line
from agent.bench.call_sound import spoken
from agent.bench.perception_audio import normalise

GAINS_DB = (-20.0, -10.0)
DELAYS_S = (0.05, 0.15, 0.25)
QUESTION = "How many people are in the room?"
INTO_S = 1.5
UNDERSTOOD = 0.5
"""Share of the question's words, in order, that its transcript must have."""
AFTERWARDS_S = 4.0
"""For so long after an answer its echo is waited for."""


@dataclass(frozen=True, slots=True)
class Fed:
    """What feedback of one kind brought about."""

    gain_db: float
    delay_s: float
    cancelling: bool
    """The caller said that it cancels no echo, so that the agent does."""
    answers: int
    """Answers that were asked for."""
    self_answers: int
    """Answers to what nobody asked."""
    self_interruptions: int
    """Answers that were not spoken to their end although nobody spoke."""
    question_answered: bool
    """The question that was spoken into it."""


async def feed_back(url: str, gain_db: float, delay_s: float, cancelling: bool, answers: int) -> Fed:
    """A call with feedback: some answers, and one real question spoken into one of them."""
    name = f"echo{-gain_db:.0f}-{delay_s * 1000:.0f}{'c' if cancelling else ''}"
    where = url if cancelling else f"{url}?echo_cancellation=on"
    async with Line(where, name) as line:
        line.microphone.hear_back(gain_db, delay_s)
        stopped = 0
        for i in range(answers):
            mark = line.mark()
            await line.send(type="ask", text=PROMPTS[i % len(PROMPTS)], correlation=f"{name}-{i}")
            found = await line.event(_theirs, FIRST_S + TALK_S, mark)
            stopped += found is not None and not whole(found[1])
            await quiet(line)
            await line.pause(AFTERWARDS_S)
        unasked = sum(is_reply(e) and not e.get("correlation") and not e.get("unasked") for _, e in line.events)
        answered = await _asked_over(line, f"{name}-last", PROMPTS[answers % len(PROMPTS)])
        return Fed(gain_db, delay_s, cancelling, answers, unasked, stopped, answered)


def _theirs(event: Event) -> bool:
    """An answer to what was typed."""
    return is_reply(event) and bool(event.get("correlation"))


async def _asked_over(line: Line, key: str, prompt: str) -> bool:
    """Whether a question that is spoken over the agent's voice is understood and answered."""
    mark, asked_s = line.mark(), line.now_s()
    await line.send(type="ask", text=prompt, correlation=key)
    if await line.audible(asked_s, FIRST_S) is None:
        return False
    await line.pause(INTO_S)
    line.microphone.say(spoken(QUESTION))

    def ours(event: Event) -> bool:
        return is_reply(event) and not event.get("correlation") and understood(str(event.get("question", "")))

    found = await line.event(ours, TALK_S + ANSWER_S, mark)
    await quiet(line)
    return found is not None


def understood(heard: str) -> bool:
    """Whether enough of `QUESTION` is in what was heard."""
    said, words = normalise(QUESTION), normalise(heard)
    matched = sum(m.size for m in SequenceMatcher(None, said, words, autojunk=False).get_matching_blocks())
    return matched >= UNDERSTOOD * len(said)
