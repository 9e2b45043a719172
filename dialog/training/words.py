"""What the training days are made of. Each list ends with entries that only the evaluation sees (`split`)."""

from __future__ import annotations

import random

from dialog.training.words_signs import SIGN_STEMS, SIGN_WORDS, code, sign_text
from dialog.training.words_world import (
    COLOURS,
    FURNITURE,
    HELD_OUT,
    INSIDE,
    LABELS,
    NAMES,
    NO_PLACE,
    PLURAL,
    ROLES,
    ROOMS,
    SOUNDS,
    SOURCES,
    THINGS,
    THINGS_SEEN,
    split,
)

__all__ = [
    "COLOURS", "FURNITURE", "HELD_OUT", "INSIDE", "LABELS", "NAMES", "NO_PLACE", "PLURAL", "ROLES", "ROOMS",
    "SIGN_STEMS", "SIGN_WORDS", "SOUNDS", "SOURCES", "THINGS", "THINGS_SEEN", "code", "sign_text", "split", "spot",
]  # fmt: skip


def _list(text: str) -> list[str]:
    return text.replace("\n", "").split(";")


CHATTER = _list("""Hello, how are you?;Nice weather today.;I am so tired.;Let me think about it.;Yes, of course.;
Could you pass me the salt?;We should go soon.;That was a good film.;I will be right back.;No, not really.;
Thank you very much.;Did you sleep well?;It is getting cold in here.;What a long day.;I have to make a call.;
Sorry, I did not hear you.;Please close the door.;That sounds great.;Good morning everyone.;See you later.;
I cannot find anything in here.;We are almost done.;This one is too heavy.;Turn it a little to the left.;
Can you hear me now?;Let us start then.;Wait a moment, please.;That is funny.""")

TOPICS = _list("""meeting;lunch;train;dentist appointment;concert;delivery;interview;party;flight;lesson;
inspection;dinner;
bus;football match;call with the bank;workshop;ferry;exam""")

FOODS = _list("pizza;soup;noodles;salad;pancakes;curry;sushi;apple pie;lasagne;dumplings;tacos;cheese")

ERRANDS = _list("""buy milk;call the plumber;water the plants;feed the cat;lock the back door;print the tickets;
order paper;
clean the oven;book a table;post the letter;charge the batteries;pick up the children;return the books;empty the bin;
wash the car;fix the fence;renew the contract""")

CODED = _list("""door code;wifi password;order number;room number;flight number;pin of the safe;phone extension;
parcel number;locker number;ticket number;serial number;customer number""")

SMALL_TALK = [
    ("Hello!", "Hello! What can I do for you?"),
    ("Hi there.", "Hi! What can I do for you?"),
    ("Good morning.", "Good morning! How can I help?"),
    ("Good evening.", "Good evening! How can I help?"),
    ("How are you?", "I am fine, thank you. I am watching and listening."),
    ("Thank you.", "You are welcome."),
    ("Thanks a lot!", "You are welcome."),
    ("Who are you?", "I am heed. I watch, listen and answer your questions."),
    ("What is your name?", "My name is heed."),
    ("What can you do?", "I watch the cameras, listen to the microphones, and answer questions about what happened."),
    ("Goodbye.", "Goodbye!"),
    ("See you later.", "See you later!"),
    ("Are you there?", "Yes, I am here."),
    ("Can you hear me?", "Yes, I can hear you."),
    ("Tell me a joke.", "Why did the camera stay calm? It kept everything in focus."),
    ("What is two plus two?", "Two plus two is four."),
    ("What is the capital of France?", "The capital of France is Paris."),
    ("What is the capital of Italy?", "The capital of Italy is Rome."),
    ("What is the opposite of hot?", "The opposite of hot is cold."),
    ("How many days are in a week?", "There are seven days in a week."),
    ("What colour is the sky on a clear day?", "On a clear day the sky is blue."),
    ("Name a fruit.", "An apple."),
    ("What do bees make?", "Bees make honey."),
    ("What is the capital of Spain?", "The capital of Spain is Madrid."),
    ("Never mind.", "All right."),
    ("Okay.", "Good."),
]


def spot(rng: random.Random, held_out: bool) -> str:
    """A place where somebody may leave a thing."""
    furniture = rng.choice(split(FURNITURE, held_out))
    if rng.random() < 0.5:
        furniture = f"{rng.choice(COLOURS)} {furniture}"
    where = rng.choice(["on", "under", "behind", "next to", "in front of", "near"])
    r = rng.random()
    if r < 0.6:
        return f"{where} the {furniture}"
    if r < 0.85:
        return f"in the {rng.choice(split(ROOMS, held_out))}"
    return f"{where} the {furniture} in the {rng.choice(split(ROOMS, held_out))}"
