"""The values of the made-up world: names, places, things, what cameras see and microphones hear.

The entries of each list are mixed, so that the part that is kept for the evaluation is like the rest.
"""

from __future__ import annotations

import random
from typing import TypeVar

T = TypeVar("T")

HELD_OUT = 0.15
"""The last part of every list of values is never trained on."""


def split(values: list[T], held_out: bool) -> list[T]:
    """The part of a list for training, or the part for evaluation."""
    cut = len(values) - max(1, round(len(values) * HELD_OUT))
    return values[cut:] if held_out else values[:cut]


def mixed(text: str) -> list[str]:
    """The entries of a list that is written as one text, each once, in a fixed random order."""
    entries = sorted({" ".join(entry.split()) for entry in text.split(";") if entry.strip()})
    random.Random(7).shuffle(entries)
    return entries


NAMES = mixed("""Anna;Tom;Dana;Luis;Mei;Omar;Priya;Kofi;Sara;Ivan;Elena;Jonas;Lena;Marco;Nadia;Oscar;Paula;Quentin;Rosa;
Sven;Tara;Umar;Vera;Walter;Xenia;Yusuf;Zoe;Adam;Bianca;Carlos;Daria;Emil;Fatima;Georg;Hanna;Igor;Julia;Kevin;Laura;Mia;
Noah;Olga;Peter;Rita;Samuel;Theo;Ursula;Victor;Wanda;Alice;Bob;Clara;David;Eva;Felix;Grace;Henry;Iris;Jack;Karen;Leo;
Maria;Nick;Olivia;Paul;Ruth;Simon;Tina;Max;Emma;Ben;Sophie;James;Linda;Robert;Helen;Frank;Susan;Martin;Nina;Amir;
Beatriz;Chen;Divya;Ewan;Freya;Gustav;Hiro;Ingrid;Jamal;Keiko;Liam;Mateo;Aaliyah;Abdul;Abena;Adele;Adrian;Agnes;Ahmed;
Aiko;Aisha;Akira;Alan;Alejandro;Alexei;Amara;Amelie;Amina;Anders;Andrea;Angela;Anita;Anton;Antonio;Anya;Arjun;Arthur;
Astrid;Ayesha;Barbara;Bashir;Beth;Bjorn;Boris;Brenda;Brian;Bruno;Camila;Carla;Carmen;Cedric;Chiara;Chloe;Christine;
Ciara;Claudia;Colin;Connor;Daisuke;Damian;Daniel;Deepak;Dennis;Diego;Dimitri;Dmitry;Dolores;Dominik;Doris;Edith;Eduardo;
Elias;Elif;Elijah;Ella;Ellen;Elsa;Enrique;Erik;Esther;Ethan;Fabian;Farid;Fernando;Fiona;Florian;Francesca;Gabriel;Gemma;
George;Gianni;Giulia;Gloria;Greta;Habib;Hannah;Harold;Hassan;Heidi;Hugo;Hyun;Ibrahim;Ida;Ines;Irina;Isaac;Isabel;Ismail;
Jacob;Jan;Jasmin;Javier;Jens;Jin;Joan;Johanna;Jorge;Joseph;Joy;Juan;Judith;Jun;Kamal;Karim;Katarina;Kenji;Kerstin;
Khadija;Kim;Klara;Kwame;Lars;Layla;Leila;Lin;Lorenzo;Lucia;Lucas;Ludwig;Lydia;Magda;Mahmoud;Malik;Manuel;Margaret;
Marek;Marta;Matilda;Maya;Mehmet;Michael;Miguel;Milan;Miriam;Mohamed;Monika;Nabil;Naomi;Natalia;Nelson;Ngozi;Nikolai;
Nora;Oleg;Pablo;Patricia;Pavel;Pedro;Petra;Philip;Rachel;Rafael;Rahul;Ramona;Ravi;Renata;Ricardo;Robin;Rohan;Roman;
Ryan;Sabine;Sakura;Salma;Samira;Sandra;Sanjay;Santiago;Sasha;Selma;Sergei;Shirin;Silvia;Sofia;Stefan;Stella;Sunita;
Takeshi;Tamar;Tariq;Teresa;Thomas;Tobias;Uwe;Valentina;Veronika;Vikram;Vincent;Violet;Viktor;Wei;Wilhelm;William;Ximena;
Yara;Yasmin;Yuki;Yvonne;Zahra;Zara;Mary Ann;Jean Paul;Anna Schmidt;Tom Baker;Li Wei;Maria Gomez;John Smith;Priya Nair;
Ali Hassan;Eva Lund;Peter Novak;Lucy Chen;Omar Diaz;Ana Silva;Kate Brown;Sam Taylor;Jo March;Mr Patel;Mrs Green;
Ms Tanaka;Dr Weber;Mr Okafor;Mrs Rossi;Dr Singh;Mr Johnson;Mrs Kowalski;Professor Klein;Nurse Kelly;Captain Ruiz;
Mr Nguyen;Ms Larsen;Dr Adeyemi;Mrs Lopez;Sister Agnes;Officer Daniels;Coach Miller;Chef Bernard;Mum;Dad;Grandma;
Grandpa;Uncle Joe;Aunt May;Mr White;Miss Park;Inspector Hall;Father Brown;Ada;Albert;Bea;Cleo;Dora;Edgar;Femi;
Gwen;Hilda;Imran;Jonah;Kaito;Lucy;Mabel;Nils;Otto;Pia;Rana;Silas;Thea""")

ROLES = mixed("""Driver 4;Speaker 1;Speaker 2;Speaker 3;Caller;Reception;Security;Operator 3;Courier;Team Lead;Agent 12;
Guest;Customer;Front Desk;Nurse 2;Dispatcher;Teacher;Unknown 1;Machine;Speaker A;Speaker B;Control;Porter;Pilot""")
"""Speakers that a system tells apart without a name."""

THINGS = mixed("""keys;laptop;umbrella;package;red folder;phone;badge;toolbox;wallet;glasses;charger;camera bag;
blue notebook;remote control;scissors;passport;suitcase;headphones;ladder;first aid kit;coffee machine;projector;
spare batteries;water bottle;jacket;gloves;car keys;tablet;screwdriver;flashlight;backpack;letter;parcel;medicine;
bicycle pump;tape;guitar;dog leash;calendar;stapler;mop;whiteboard markers;lunch box;ticket;helmet;green bag;map;watch;
pen;old lamp;broom;sunglasses;violin;drill;yellow envelope;blanket;thermos;tripod;house keys;spare keys;office keys;
shed keys;bike lock;earphones;reading glasses;mouse;keyboard;router;printer paper;extension cord;hammer;saw;pliers;
tape measure;glue;nails;paint brush;paint can;bucket;vacuum cleaner;iron;ironing board;sewing kit;hair dryer;towel;
shampoo;toothbrush;sunscreen;thermometer;bandages;inhaler;pill box;crutches;baby bottle;pacifier;stroller;teddy bear;
soccer ball;tennis racket;skateboard;scooter;swimming goggles;yoga mat;hiking boots;rain boots;running shoes;slippers;
scarf;woolly hat;raincoat;belt;tie;necklace;wedding ring;earrings;purse;handbag;sports bag;cooler box;picnic basket;
corkscrew;can opener;kettle;teapot;frying pan;cake tin;cutting board;bread knife;measuring cup;kitchen scale;apron;
recipe book;dictionary;newspaper;magazine;photo album;birthday card;invoice;contract;receipt;signed form;tax papers;
delivery note;blueprint;business cards;stamp;hole punch;calculator;ruler;marker;clipboard;binder;sticky notes;
hard drive;memory card;USB stick;microphone;tripod bag;loudspeaker;HDMI cable;power bank;adapter;SIM card;walkie-talkie;
barcode scanner;label printer;pallet jack;box cutter;safety vest;ear protectors;fire extinguisher;wrench;spanner;
jump leads;petrol can;snow shovel;rake;watering can;garden hose;lawn mower;hedge shears;flower pot;bird food;dog food;
cat carrier;fishing rod;tent;sleeping bag;camping stove;compass;binoculars;telescope;chess set;playing cards;puzzle;
board game;trumpet;sheet music;music stand;candle;matches;lighter;light bulb;fuse;doorstop;key card;visitor badge;
locker key;cash box;coin roll;price gun;shopping list;shopping bag;gift;wrapping paper;trophy;vase;picture frame;clock;
alarm clock;mirror;pillow;cushion;mattress pump;folding chair;step stool;trolley;crate;black case;silver briefcase;
orange cable;white envelope;brown box;grey suitcase;pink lunch box;purple pen;spare tyre;sample kit;test report""")

PLURAL = {
    "glasses", "scissors", "headphones", "gloves", "spare batteries", "whiteboard markers", "sunglasses", "earphones",
    "reading glasses", "pliers", "nails", "bandages", "crutches", "swimming goggles", "hiking boots", "rain boots",
    "running shoes", "slippers", "earrings", "tax papers", "business cards", "sticky notes", "ear protectors",
    "jump leads", "hedge shears", "binoculars", "playing cards", "matches",
}  # fmt: skip
"""Things that are `are` rather than `is` (beside all keys)."""

FURNITURE = mixed("""table;chair;desk;shelf;sofa;bench;cupboard;window;door;drawer;box;bed;counter;fridge;printer;plant;
bookcase;radiator;mirror;piano;wardrobe;stove;cabinet;stairs;armchair;coffee table;workbench;filing cabinet;dishwasher;
washing machine;dryer;microwave;oven;sink;bathtub;fireplace;television;aquarium;coat rack;shoe rack;umbrella stand;
sideboard;chest of drawers;bunk bed;cot;stool;ladder;toolbox;locker;safe;whiteboard;copier;server rack;vending machine;
water cooler;reception desk;conveyor;pallet;forklift;till;display case;freezer;trolley;doormat;letter box;bin;hedge;
swing;barbecue;flower bed;water tank;rug;curtain;lamp;clock;bookend;dresser;nightstand;hat stand;crib;trunk""")

COLOURS = mixed("""red;blue;white;black;green;yellow;grey;brown;orange;purple;pink;silver;gold;beige;turquoise;
dark blue;light blue;dark green;dark red;cream;navy;maroon;violet;olive""")

ROOMS = mixed("""kitchen;hall;garage;office;cellar;car;attic;bathroom;meeting room;living room;bedroom;garden;workshop;
storage room;lobby;laundry room;shed;library;basement;dining room;nursery;guest room;study;pantry;hallway;staircase;
conservatory;greenhouse;playroom;gym;canteen;server room;break room;copy room;mail room;cold store;warehouse;
changing room;waiting room;treatment room;classroom;auditorium;chapel;boiler room;back office;stockroom;showroom;van;
truck;trailer;barn;stable;boathouse;caravan;lift;cloakroom;locker room;sauna;wine cellar;utility room""")

ROOM_SOURCES = mixed("""kitchen;garage;lobby;hallway;office;room;living-room;corridor;workshop;warehouse;shop;
meeting-room;nursery;studio;barn;back-yard;bedroom;bathroom;basement;attic;cellar;dining-room;library;gym;canteen;
server-room;break-room;waiting-room;classroom;stockroom;showroom;cold-store;stable;greenhouse;laundry;conservatory;
east-wing-2;west-wing;room-12;room-204;lab-3;kitchen_2;kids-room;guest-room;staff-room;mail-room;boiler-room;hall-B;
pharmacy;bakery;cafe;bar;lift-1;elevator;playground;courtyard;garden;back-garden;front-yard;yard;car-park;parking-lot;
storage-unit-7;playroom;study;pantry;cloakroom;sales-floor;operating-room;ward-5;chicken-coop;shed""")
"""Sources that one is in."""

SPOT_SOURCES = mixed("""front-door;loading-dock;entrance;gate;parking;stairs;terrace;reception;desk;porch;driveway;
north-gate;checkout;back-door;side-door;south-gate;main-gate;main-entrance;dock-B;dock-3;bay-4;ramp;till;till-2;counter;
platform-2;bus-stop;bridge;crossing;fence;north-fence;roof;balcony;pool;patio;mailbox;doorbell;letter-box;pier;harbour;
conveyor-1;packing-station;assembly-line;turnstile;barrier;ticket-office;information-desk;emergency-exit;fire-exit;
window;bird-feeder;front_gate;rear_entrance;staff-entrance;goods-in;goods-out;gas-pump-4;workbench;aisle-5;shelf-9;
street;junction;pavement;bike-rack;bins;sofa;crib;helpdesk""")
"""Sources that one is at."""

NUMBERED_SOURCES = mixed("""cam1;cam2;cam3;cam-07;cam-12;cam-0;cam_5;camera-1;camera-3;camera-04;ch1;ch-2;
channel-4;ipc-17;nvr-2;cam-22""")
NAMELESS_SOURCES = mixed("""camera;clip;webcam;video;recording;stream;feed;mic;microphone;phone;usb;file""")

SOURCES = mixed(";".join([*ROOM_SOURCES, *SPOT_SOURCES, *NUMBERED_SOURCES, *NAMELESS_SOURCES]))

THINGS_SEEN = [
    *["person"] * 9, *["car"] * 4, *["dog"] * 3, *["cat"] * 3, *["bird"] * 2, *["something"] * 5, "truck", "truck",
    "bus", "bus", "bicycle", "bicycle", "motorcycle", "motorcycle", "van", "chair", "bottle", "backpack",
    "suitcase", "horse", "umbrella", "forklift", "trailer", "tractor", "cow", "bear", "boat", "train", "drone",
    "skateboard", "scooter", "stroller", "rabbit", "squirrel", "handbag", "shopping cart",
]  # fmt: skip
"""What enters and leaves: mostly the encoders' own classes, some of other detectors."""

LABELS = mixed("""desk;lampshade;street sign;studio couch;bookcase;screen;computer keyboard;coffee mug;window shade;
dining table;traffic light;streetcar;park bench;pot;monitor;mouse;folding chair;laptop;bottlecap;jersey;suit;notebook;
cup;sliding door;fountain;suspension bridge;tractor;violin;microwave;table lamp;television;wall clock;refrigerator;
dishwasher;washer;toaster;espresso maker;coffeepot;teapot;plate;water bottle;wine bottle;beer glass;mixing bowl;
frying pan;wok;spatula;tray;wooden spoon;soup bowl;banana;orange;lemon;pineapple;strawberry;pizza;cheeseburger;hotdog;
bagel;ice cream;French loaf;mushroom;cucumber;bell pepper;vase;pillow;quilt;four-poster;crib;cradle;bassinet;wardrobe;
chest;china cabinet;medicine chest;washbasin;bathtub;shower curtain;toilet seat;soap dispenser;bath towel;paper towel;
radiator;space heater;electric fan;vacuum;iron;sewing machine;rocking chair;barber chair;doormat;window screen;
theater curtain;spotlight;stage;microphone;loudspeaker;acoustic guitar;grand piano;upright;cello;drum;trombone;
French horn;organ;desktop computer;printer;photocopier;modem;hard disc;cellular telephone;pay-phone;remote control;
digital clock;stopwatch;projector;reflex camera;tripod;binoculars;ballpoint;fountain pen;pencil box;binder;envelope;
file;carton;crate;packet;plastic bag;shopping cart;shopping basket;vending machine;cash machine;scale;grocery store;
bakery;bookshop;butcher shop;restaurant;barbershop;toyshop;library;cinema;church;castle;palace;monastery;greenhouse;
barn;boathouse;mobile home;patio;picket fence;stone wall;chainlink fence;worm fence;tile roof;dome;water tower;
flagpole;pier;dock;dam;lakeside;seashore;valley;cliff;alp;volcano;sandbar;cab;convertible;sports car;minivan;minibus;
school bus;fire engine;ambulance;police van;tow truck;garbage truck;moving van;pickup;jeep;limousine;trailer truck;
forklift;go-kart;golfcart;moped;motor scooter;mountain bike;bicycle-built-for-two;tricycle;unicycle;airliner;speedboat;
canoe;container ship;bullet train;freight car;passenger car;electric locomotive;parking meter;manhole cover;mailbox;
gas pump;turnstile;lawn mower;wheelbarrow;barrow;shovel;bucket;broom;hammer;screwdriver;power drill;carpenter's kit;
padlock;combination lock;safe;backpack;purse;wallet;mailbag;umbrella;sunglasses;running shoe;sandal;cowboy hat;
crash helmet;bow tie;Windsor tie;lab coat;apron;trench coat;cardigan;sweatshirt;jean;gown;kimono;tabby;Siamese cat;
Persian cat;golden retriever;Labrador retriever;German shepherd;beagle;collie;pug;Chihuahua;poodle;goldfinch;robin;
magpie;hen;cock;goose;hare;hamster;fox squirrel;ox;ram;sorrel;daisy;corn;hay;jigsaw puzzle;teddy;balloon;soccer ball;
tennis ball;racket;basketball;dumbbell;swing;crossword puzzle;comic book;menu;web site;book jacket;candle;torch""")

SOUNDS = mixed("""glass breaking;a dog barking;an alarm;a doorbell;a loud bang;a baby crying;a siren;footsteps;knocking;
a phone ringing;music;a car horn;laughter;a door slamming;running water;a whistle;thunder;a smoke alarm;a cat meowing;
a vacuum cleaner;a washing machine;a kettle boiling;a microwave beeping;a lawn mower;a chainsaw;a drill;hammering;
an engine starting;a motorcycle passing;a truck reversing;a train passing;a helicopter;an airplane;fireworks;a gunshot;
church bells;birds singing;a crow;a rooster;an owl;a cow mooing;a horse neighing;sheep bleating;crickets;rain;wind;
dripping water;a toilet flushing;a shower;coughing;sneezing;snoring;crying;screaming;shouting;applause;cheering;
whispering;singing;a child laughing;a crowd;a piano;a guitar;drums;a violin;a radio;a television;typing;a printer;
a cash register;coins;keys jingling;a door creaking;a lock clicking;a window opening;furniture moving;
something falling;dishes clattering;a spoon in a cup;paper tearing;a zipper;a clock ticking;an alarm clock;
a bicycle bell;
tyres screeching;a crash;a fire alarm;a burglar alarm;a forklift beeping;a conveyor belt;a hiss of steam;a compressor;
welding;
a saw;an explosion;a lift arriving;an announcement;a gong;a scream;heavy breathing;a bottle being opened""")
