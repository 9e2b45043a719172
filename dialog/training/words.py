"""What the training days are made of. Each list ends with entries that only the evaluation sees (`split`)."""

from __future__ import annotations

import random

HELD_OUT = 0.15
"""The last part of every list of values is never trained on."""


def split(values: list[str], held_out: bool) -> list[str]:
    """The part of a list for training, or the part for evaluation."""
    cut = len(values) - max(1, round(len(values) * HELD_OUT))
    return values[cut:] if held_out else values[:cut]


def _list(text: str) -> list[str]:
    return text.replace("\n", "").split(";")


NAMES = _list("""Anna;Tom;Dana;Luis;Mei;Omar;Priya;Kofi;Sara;Ivan;Elena;Jonas;Lena;Marco;Nadia;Oscar;
Paula;Quentin;Rosa;Sven;Tara;Umar;Vera;Walter;Xenia;Yusuf;Zoe;Adam;Bianca;Carlos;Daria;Emil;
Fatima;Georg;Hanna;Igor;Julia;Kevin;Laura;Mia;Noah;Olga;Peter;Rita;Samuel;Theo;Ursula;Victor;
Wanda;Alice;Bob;Clara;David;Eva;Felix;Grace;Henry;Iris;Jack;Karen;Leo;Maria;Nick;Olivia;
Paul;Ruth;Simon;Tina;Max;Emma;Ben;Sophie;James;Linda;Robert;Helen;Frank;Susan;Martin;Nina;
Amir;Beatriz;Chen;Divya;Ewan;Freya;Gustav;Hiro;Ingrid;Jamal;Keiko;Liam;Mateo""")

THINGS = _list("""keys;laptop;umbrella;package;red folder;phone;badge;toolbox;wallet;glasses;charger;camera bag;
blue notebook;
remote control;scissors;passport;suitcase;headphones;ladder;first aid kit;coffee machine;projector;spare batteries;
water bottle;jacket;gloves;car keys;tablet;screwdriver;flashlight;backpack;letter;parcel;medicine;bicycle pump;tape;
guitar;dog leash;calendar;stapler;mop;whiteboard markers;lunch box;ticket;helmet;green bag;map;watch;pen;old lamp;
broom;sunglasses;violin;drill;yellow envelope;blanket;thermos;tripod""")

PLURAL = {"glasses", "scissors", "headphones", "gloves", "spare batteries", "whiteboard markers", "sunglasses"}

FURNITURE = _list("""table;chair;desk;shelf;sofa;bench;cupboard;window;door;drawer;box;bed;counter;fridge;
printer;plant;
bookcase;radiator;mirror;piano;wardrobe;stove;cabinet;stairs""")

COLOURS = _list("red;blue;white;black;green;yellow;grey;brown;orange;purple;pink;silver")

ROOMS = _list("""kitchen;hall;garage;office;cellar;car;attic;bathroom;meeting room;living room;bedroom;garden;
workshop;
storage room;lobby;laundry room;shed;library""")

SOURCES = _list("""front-door;kitchen;garage;lobby;back-yard;hallway;loading-dock;office;room;camera;clip;
webcam;entrance;
gate;parking;living-room;stairs;corridor;workshop;warehouse;video;shop;cam1;meeting-room;terrace;reception;desk;
nursery;porch;cam2;driveway;studio;north-gate;barn;checkout""")

INSIDE = {"kitchen", "garage", "lobby", "hallway", "office", "room", "living room", "corridor", "workshop", "warehouse",
          "shop", "meeting room", "nursery", "studio", "barn", "back yard"}  # fmt: skip
NO_PLACE = {"camera", "clip", "webcam", "video", "cam1", "cam2"}
"""Sources whose name says nothing about where they are."""

THINGS_SEEN = _list("""person;person;person;person;person;dog;car;cat;bicycle;truck;van;bus;chair;bird;bottle;
box;motorcycle;
backpack;suitcase;something;horse;umbrella;forklift""")

LABELS = _list("""desk;lamp;street sign;sofa;bookcase;screen;keyboard;coffee mug;window shade;dining table;
traffic light;tram;
park bench;pot;monitor;mouse;chair;crosswalk;laptop;street;shelf;bottle;jersey;suit;notebook;cup;door;curtain;garden;
fountain;bridge;tractor;violin;microwave""")

SOUNDS = _list("""glass breaking;a dog barking;an alarm;a doorbell;a loud bang;a baby crying;a siren;footsteps;
knocking;
a phone ringing;music;a car horn;laughter;a door slamming;running water;a whistle;thunder""")

SIGN_WORDS = _list("""EXIT;NO PARKING;WET FLOOR;DELIVERIES;AUTHORIZED ONLY;PUSH;PULL;OPEN;CLOSED;RECEPTION;
DANGER;STOP;
NO SMOKING;ENTRANCE;ELEVATOR;PRIVATE;FIRE EXIT;CAUTION;STAFF ONLY;WELCOME;SALE;KEEP OUT;TOILET;INFORMATION;TICKETS;
HIGH VOLTAGE;Coffee;Bakery;Mind the gap;No entry;Please wait here;Do not touch;Ring the bell;Out of order;
Beware of the dog;SLOW;PHARMACY;LOST AND FOUND""")

SIGN_STEMS = _list("EXIT;ROOM;GATE;PLATFORM;LEVEL;BAY;UNIT;FLAT;LINE;TABLE;HALL;DOCK;ZONE;LOT;AISLE")

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


def sign_text(rng: random.Random, held_out: bool) -> str:
    """A sign, often with a number or a code that cannot be guessed."""
    r = rng.random()
    if r < 0.45:
        return rng.choice(split(SIGN_WORDS, held_out))
    if r < 0.8:
        return f"{rng.choice(split(SIGN_STEMS, held_out))} {rng.randint(1, 999)}"
    return code(rng)


def code(rng: random.Random) -> str:
    """A code of letters and digits."""
    digits = "".join(rng.choice("0123456789") for _ in range(rng.randint(3, 5)))
    letters = "".join(rng.choice("ABCDEFGHKLMNPRSTUVWXYZ") for _ in range(rng.randint(1, 2)))
    return rng.choice([digits, digits, f"{letters}{digits}", f"{letters}-{digits}"])


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
