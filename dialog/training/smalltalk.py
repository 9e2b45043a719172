"""Small talk with the assistant: nothing of it rests on what was perceived."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from dialog.training.asking import Asker, Question
from dialog.training.words_talk import exchanges

EXCHANGES: Sequence[tuple[str, str]] = tuple(exchanges())
"""What is said, and what is answered."""

EVERY = 6
"""Each sixth exchange is for the evaluation only."""


def talk(a: Asker) -> Question:
    """A greeting, thanks, a question about the assistant, an easy fact, a request."""
    known = [pair for n, pair in enumerate(EXCHANGES) if a.held_out or n % EVERY != EVERY - 1]
    said, answer = a.rng.choice(known)
    return Question("talk", said, answer, clauses(answer))


def clauses(answer: str) -> tuple[str, ...]:
    """What must be said of an answer, however its clauses are joined."""
    return tuple(part for part in re.split(r"[,.!?] *", answer) if part)


BEYOND = (
    "What is {n} times {m}?", "How much is {n} plus {m}?", "What's {n} minus {m}?", "{n} divided by {m}?", "{n} * {m}?",
    "What is the square root of {n}?", "What is {m} percent of {n}?", "{n} + {m} = ?", "Calculate {n} times {m}.",
    "How many kilometres are {n} miles?", "What is the weather like in {city}?", "Will it rain in {city} tomorrow?",
    "How many people live in {city}?", "How far is it from {city} to {town}?", "Who is the mayor of {city}?",
    "What time is it in {city}?", "Find me a hotel in {city}.", "What is the best restaurant in {city}?",
    "Who won the match in {city}?", "Who was president in {year}?", "What happened in the year {year}?",
    "Who won the world cup in {year}?", "Write a poem about {city}.", "Write a program that sorts a list.",
    "Translate this into {language}.", "How do I say hello in {language}?", "What does that mean in {language}?",
    "How do I bake a cake?", "What is a black hole?", "Explain the theory of relativity.", "How does an engine work?",
    "What is the share price of the railway?", "Recommend a book.", "Which film should I watch?", "Who invented paper?",
    "How tall is the highest mountain?", "What does photosynthesis do?", "Give me a recipe for soup.",
    "What should I wear in {city}?", "When was {city} founded?", "What's the tallest building in {city}?",
)  # fmt: skip
"""What one may ask an assistant, and what this one does not know."""

CITIES = ("Oslo", "Lisbon", "Nairobi", "Osaka", "Chicago", "Lima", "Prague", "Sydney", "Cairo", "Toronto", "Leipzig")
LANGUAGES = ("French", "Turkish", "Greek", "Hindi", "Polish", "Swahili", "Danish", "Korean")


def beyond(a: Asker) -> Question:
    """Sums, knowledge of the world and works of writing: a model of this size would make something up."""
    city, town = a.rng.sample(CITIES, 2)
    slots = {"n": str(a.rng.choice([a.rng.randint(11, 99), a.rng.randint(100, 9999)])), "m": str(a.rng.randint(3, 99)),
             "city": city, "town": town, "year": str(a.rng.randint(1780, 2024)),
             "language": a.rng.choice(LANGUAGES)}  # fmt: skip
    answer = "That is beyond me, I answer questions about what I see and hear."
    return Question("talk", a.fill(BEYOND, **slots), answer, ("beyond me",))


def small_talk(a: Asker) -> Question:
    """Any of it."""
    return (talk if a.rng.random() < 0.7 else beyond)(a)


MAKERS: Sequence[tuple[Callable[[Asker], Question | None], float]] = ((talk, 4), (beyond, 2))
"""Makers of small talk, with their weights."""
