"""Parts that questions are put together from: words for the same, politeness, indirect forms."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

SLOTS: Mapping[str, Sequence[str]] = {
    "came": ("came in", "entered", "arrived", "showed up", "turned up", "walked in", "came", "appeared", "came by",
             "came into view", "stepped in", "got here", "popped up", "came along", "dropped in", "made an entrance",
             "came up", "came past", "rolled up", "came through", "got in", "made an appearance", "came to us"),
    "come": ("come in", "enter", "arrive", "show up", "turn up", "walk in", "come", "appear", "come by",
             "come into view", "step in", "get here", "pop up", "come along", "drop in", "make an entrance",
             "come up", "come past", "roll up", "come through", "get in", "make an appearance", "come to us"),
    "left": ("left", "went away", "disappeared", "went out", "walked off", "departed", "walked out", "went",
             "vanished", "headed off", "took off", "exited", "got away", "moved off", "made off", "slipped out",
             "cleared off", "got going", "set off"),
    "leave": ("leave", "go away", "disappear", "go out", "walk off", "depart", "walk out", "go", "vanish", "head off",
             "take off", "exit", "get away", "move off", "make off", "slip out", "clear off", "get going", "set off"),
    "gone": ("gone", "left", "disappeared", "gone away", "walked off", "departed", "vanished", "gone off", "gone out",
             "headed off", "taken off", "made off", "set off", "moved off"),
    "anyone": ("anyone", "anybody", "someone", "somebody", "anyone", "any person", "a person", "anyone at all",
             "a human", "anybody at all", "a single person", "a living soul", "any human"),
    "who": ("who", "who", "what", "who or what", "who", "who exactly", "what or who", "who", "which person or thing"),
    "see": ("see", "notice", "spot", "observe", "catch", "make out", "detect", "get to see", "register", "perceive",
             "pick out", "spy", "glimpse"),
    "seen": ("seen", "noticed", "spotted", "observed", "caught", "made out", "detected", "sighted", "registered",
             "perceived", "picked out", "detected", "glimpsed"),
    "hear": ("hear", "notice", "pick up", "catch", "register", "detect", "get", "make out", "perceive", "pick out",
             "record", "get to hear"),
    "heard": ("heard", "noticed", "picked up", "caught", "registered", "detected", "made out", "perceived",
             "picked out", "recorded", "observed"),
    "camera": ("picture", "view", "video", "frame", "image", "feed", "shot", "camera picture", "live view",
             "video feed", "camera view", "stream", "camera image", "live picture"),
    "there": ("there", "there now", "there right now", "there at the moment", "currently", "at present",
             "there just now", "there presently", "there this minute", "there as we speak", "to be found"),
    "now": ("", "", "now", "right now", "at the moment", "currently", "just now", "at present", "this minute",
             "at this moment", "as we speak", "presently", "this very moment", "this instant"),
    "say": ("say", "read", "show", "tell us", "have on it", "state", "display", "spell out", "tell you", "announce"),
    "last": ("last", "most recently", "just now", "recently", "lately", "last of all", "the last time", "latest"),
    "happened": ("happened", "was going on", "went on", "took place", "was happening", "occurred", "transpired",
             "came about", "was up", "came to pass", "was on"),
    "anything": ("anything", "something", "any activity", "any movement", "anything at all", "something or other",
             "anything whatsoever", "anything noteworthy"),
    "today": ("", "", "", "today", "so far", "up to now", "in total", "altogether", "to date", "all told",
             "until now", "all in all"),
    "time": ("what time", "which time", "what hour and minute", "exactly what time", "about what time",
             "roughly what time", "precisely what time"),
    "clip": ("short", "brief", "quick", "two-line", "little", "concise", "compact", "one-line", "rough", "tiny"),
    "away": ("while I was away", "while I was out", "while I was gone", "in the meantime", "behind my back",
             "during my absence", "since I left", "while I was elsewhere", "when I was out", "while I wasn't here",
             "in my absence", "when I was gone", "while I wasn't looking", "while I slept"),
    "working": ("working", "all right", "OK", "fine", "online", "running", "functioning", "up", "in working order",
             "operational", "functional", "up and running", "operating", "alive"),
}  # fmt: skip
"""Words that may stand for each other in a question; the last of each are for the evaluation."""

PREFIXES: Sequence[str] = (
    "Please,", "Hey heed,", "Heed,", "Hi,", "Excuse me,", "Sorry,", "Tell me,", "Quick question:", "So,", "Okay,",
    "Hello,", "Listen,", "Well,", "Just wondering,", "Say,", "Good morning,", "One more thing:", "And", "Now,", "Hey,",
    "Right,", "Uh,", "Um,", "Can you check:", "I need to know:", "Could you look:", "Out of interest,",
    "Good evening,", "By the way,", "Hey there,", "Please tell me,", "Next question:", "OK heed,", "Oh,", "Dear heed,",
    "Good afternoon,", "Hmm,", "Alright,", "Pardon me,", "Sorry to bother you,", "A quick one:", "For the record:",
    "Just so I know:", "My question:", "I have a question:", "Let me ask:", "Question:", "Look,", "Hi there,",
    "Morning,", "Evening,", "If you can:", "Just checking:", "Real quick:", "Please answer:", "But", "Then tell me:",
    "Help me out:", "Be so kind:", "Ah,", "Yo,", "First of all:", "Would you check:", "Heed, please:", "One thing:",
    "Kindly tell me:", "Well then,",
)  # fmt: skip

SUFFIXES: Sequence[str] = (
    ", please", ", heed", " please", ", can you tell", ", do you know", " by any chance", ", if you know",
    ", any idea", ", thanks", ", can you check", ", could you tell me", ", would you know", ", as far as you know",
    ", if I may ask", ", can you say", ", my friend", ", do you happen to know", ", would you say", ", heed, please",
    ", can you see that", ", can you find out", ", do you think", ", thank you", ", I wonder", ", can you help me",
    ", in your view", ", by your records", ", if you please", ", mate",
)  # fmt: skip

_ASKS: Sequence[str] = (
    "Can you tell me {}?", "Do you know {}?", "I want to know {}.", "Tell me {}.", "Any idea {}?",
    "Could you tell me {}?", "I'd like to know {}.", "Please tell me {}.", "Would you know {}?", "I was wondering {}.",
    "Do you happen to know {}?", "I need to know {}.", "Can you say {}?", "Let me know {}.", "Have you any idea {}?",
    "Could you please check {}?", "Are you able to tell me {}?", "I am asking myself {}.", "Would you tell me {}?",
    "I would like to know {}.", "Please find out {}.", "I wonder {}.", "Could you find out {}?", "Kindly tell me {}.",
    "Do we know {}?", "Have you noticed {}?", "May I ask {}?", "Just tell me {}.", "I'd be glad to know {}.",
    "Can you find out {}?", "Is it known {}?", "Would you mind telling me {}?", "I am curious {}.", "Let me ask {}.",
    "Can I ask you {}?", "Do you remember {}?",
)  # fmt: skip

_PAST: Mapping[str, str] = {
    "come": "came", "leave": "left", "see": "saw", "hear": "heard", "happen": "happened", "go": "went",
    "arrive": "arrived", "enter": "entered", "notice": "noticed", "appear": "appeared", "show": "showed",
    "turn": "turned", "walk": "walked", "disappear": "disappeared", "depart": "departed", "vanish": "vanished",
    "spot": "spotted", "say": "said", "mention": "mentioned", "change": "changed", "stay": "stayed", "pop": "popped",
    "observe": "observed", "detect": "detected", "catch": "caught", "make": "made", "register": "registered",
    "perceive": "perceived", "spy": "spied", "glimpse": "glimpsed", "get": "got", "pick": "picked", "drop": "dropped",
    "roll": "rolled", "exit": "exited", "slip": "slipped", "take": "took", "step": "stepped",
}  # fmt: skip

_FUNCTION_WORDS = frozenset(
    """what who when where which how why is are was were did does do has have had can could would will
    tell give describe read count list name from at in on since for any anyone anybody anything the a an
    please somebody someone something there show sum that for me nobody nothing to by whose whom last latest newest most
    first new could would whether if have heard seen recap summary status update report fill catch bring repeat quote
    time number total still of in out up with between after before during around since until let send off""".split()
)


def lower_first(text: str) -> str:
    """With a small first letter, unless the first word may be a name."""
    first = re.split(r"\W", text, maxsplit=1)[0]
    return text[:1].lower() + text[1:] if first.lower() in _FUNCTION_WORDS else text


def indirect(question: str, choose: Callable[[Sequence[str]], str]) -> str | None:
    """`Can you tell me when the dog came in?`; None where the grammar is not plain."""
    if not question.endswith("?"):
        return None
    plain = question[:-1]
    clause: str | None = None
    did = re.match(r"(?:(When|Where|How often|How many times|From which side) did|(Did)) (.+)$", plain)
    if did:
        clause = _with_past(did[3], f"{did[1].lower()} " if did[1] else "if ")
    elif re.match(
        r"(Who|What) (\w+ed|came|left|went|was|is new|happened|has)\b|How many \S+( \S+)? (came|left)\b", plain
    ):
        clause = lower_first(plain)
    else:
        there = re.match(r"(Is|Are|Was|Were) there (.+)$", plain)
        light = re.match(r"(Is|Was) (the light|the camera)( .+)$", plain)
        if there:
            clause = f"if there {there[1].lower()} {there[2]}"
        elif light and not re.search(r" (at|in|on|by|near|around|over) ", light[3]):
            clause = f"whether {light[2]} {light[1].lower()}{light[3]}"
    return None if clause is None else choose(_ASKS).replace("{}", clause)


def _with_past(rest: str, start: str) -> str | None:
    """`the dog come in` becomes `the dog came in`."""
    parts = rest.split()
    for n, word in enumerate(parts[1:], 1):
        if word in _PAST:
            return start + " ".join([*parts[:n], _PAST[word], *parts[n + 1 :]])
    return None
