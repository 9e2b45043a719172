"""How a conversation is written for the model: the chat form of SmolLM2 and of many others (ChatML)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

START, END = "<|im_start|>", "<|im_end|>"


@dataclass(frozen=True, slots=True)
class Turn:
    """One question, and the answer it got."""

    question: str
    answer: str


def question_text(question: str, now: str) -> str:
    """What the user's turn says: the time now, and the question. Marks in the question lose their meaning."""
    plain = " ".join(question.replace("<|", "< |").split())
    return f"[{now}] {plain}" if now else plain


def chat_prompt(question: str, now: str, history: Sequence[Turn] = (), system: str = "") -> str:
    """The text up to where the answer begins."""
    parts = [f"{START}system\n{system}{END}\n"] if system else []
    for turn in history:
        answer = turn.answer.replace("<|", "< |")
        parts.append(f"{START}user\n{question_text(turn.question, '')}{END}\n{START}assistant\n{answer}{END}\n")
    parts.append(f"{START}user\n{question_text(question, now)}{END}\n{START}assistant\n")
    return "".join(parts)
