"""What people talk about in the training days. Each list ends with entries that only the evaluation sees."""

from __future__ import annotations


def listed(text: str, mark: str = ";") -> list[str]:
    """The entries of a list that is written as one text."""
    return [" ".join(entry.split()) for entry in text.split(mark) if entry.strip()]


APPOINTMENTS = listed("""meeting;lunch;dentist appointment;concert;interview;party;lesson;inspection;dinner;
football match;call with the bank;exam;team meeting;rehearsal;staff training;board meeting;yoga class;barbecue;wedding;
funeral;parade;fire drill;stocktaking;shift change;safety briefing;parents' evening;swimming lesson;piano lesson;
driving test;
eye test;check-up;haircut;vaccination;blood test;physiotherapy;X-ray;video call;phone call with the lawyer;stand-up;
review;workshop;seminar;lecture;guided tour;birthday party;housewarming;picnic;book club;choir practice;chess evening;
film night;quiz night;tennis match;basketball game;school play;graduation;christening;house viewing;handover;
flat inspection;boiler service;car inspection;oil change;tyre change;vet appointment;dog training;auction;flea market;
market day;press conference;product launch;demo;retrospective;planning meeting;budget meeting;sales meeting;
customer visit;audit;night shift;early shift;breakfast;brunch;tea break;coffee break;farewell party;job interview;
garden party;street festival;fireworks;blood donation;first aid course;language course;cooking class;dance class;
pottery course;town hall meeting;tax appointment;massage;hearing test;kick-off;debriefing;union meeting""")

FOODS = listed("""pizza;soup;noodles;salad;pancakes;curry;sushi;apple pie;lasagne;dumplings;tacos;cheese;rice;bread;
tomato soup;fried eggs;chicken;fish;potatoes;spinach;mushrooms;pasta;burgers;kebab;falafel;hummus;lentils;beans;
porridge;yoghurt;muesli;waffles;chocolate;strawberries;cherries;grapes;mangoes;bananas;blueberries;watermelon;
carrots;broccoli;olives;peppers;cucumber;avocado;sweet potatoes;meatballs;sausages;bacon;salmon;tuna;prawns;risotto;
ravioli;gnocchi;ramen;pho;pad thai;spring rolls;omelette;quiche;goulash;paella;stew;chili;pumpkin soup;roast beef;
turkey;lamb;tofu;cheesecake;carrot cake;brownies;ice cream;apricots;plums;pears;honey;peanut butter;jam;croissants;
bagels;pretzels;popcorn;crisps;nuts;dates;figs;pickles;cabbage;asparagus;leek;artichokes;polenta;couscous""")

GROCERIES = listed("""milk;eggs;butter;flour;sugar;salt;rice;bread;coffee;tea;apples;oranges;onions;garlic;tomatoes;
toilet paper;washing powder;soap;shampoo;toothpaste;light bulbs;bin bags;cat food;dog food;candles;matches;batteries;
olive oil;vinegar;pepper;yeast;cream;ham;juice;water;lemons;basil;foil;sponges;paper towels;honey;cornflakes;
printer paper;stamps;envelopes;plasters;cough syrup;nappies;baking powder;mustard""")

ERRANDS = listed("""buy milk;call the plumber;water the plants;feed the cat;lock the back door;print the tickets;
order paper;clean the oven;book a table;post the letter;charge the batteries;pick up the children;return the books;
empty the bin;wash the car;fix the fence;renew the contract;pay the rent;walk the dog;fetch the parcel;mow the lawn;
sweep the yard;close the windows;turn off the heating;call the insurance;sign the delivery note;check the smoke alarm;
change the light bulb;empty the dishwasher;fold the laundry;iron the shirts;make the beds;vacuum the stairs;
set the table;peel the potatoes;defrost the chicken;bake a cake;buy bread;buy stamps;get petrol;pump up the tyres;
take out the rubbish;bring back the ladder;call the landlord;write the report;send the invoice;scan the contract;
update the price list;count the stock;restock the shelves;unload the truck;label the boxes;move the pallets;
clean the coffee machine;refill the printer;order toner;book the meeting room;reserve the projector;
welcome the visitors;check the guest list;lock the safe;test the alarm;reset the router;back up the files;
charge the scanner;replace the filter;oil the hinges;paint the gate;sharpen the knives;wash the windows;
rake the leaves;clear the snow;salt the steps;collect the prescription;ring the doctor;pick up Grandma;
drive to the airport;buy a birthday card;wrap the present;return the shoes;cancel the subscription;
renew the passport;pay the parking fine;fetch the bicycle;repair the tap;hang up the picture;assemble the shelf;
measure the window;pick the apples;feed the chickens;milk the goats;close the shutters;open the vents;
check the fridge;throw away the old bread;clean the fish tank;brush the dog;buy cat litter;pack the suitcase;
print the boarding passes;confirm the hotel;exchange the money;call a taxi;check the oil;sort the mail;
shred the old files;answer the emails;prepare the slides;take the minutes;order lunch;reserve seats;train the new guy;
sign the timesheet;inspect the forklift;wipe the tables;count the till;bring the cash to the bank""")

CODED = listed("""door code;wifi password;order number;room number;flight number;pin of the safe;phone extension;
parcel number;locker number;ticket number;serial number;customer number;gate code;alarm code;booking number;
invoice number;account number;tracking number;code for the printer;code for the garage;pin for the tablet;
case number;table number;seat number;bus number;insurance number;model number;batch number;article number;
badge number;key box code;lift code;member number;reference number;bike lock code;code for the bathroom;
meter reading;pallet number;container number;voucher code;reservation number;login code;dial-in number;password hint
number;pin of the phone;suitcase lock code;pager number""")  # fmt: skip

PASSWORD_WORDS = listed("""sunflower;thunder;marble;pelican;cinnamon;rocket;velvet;harbor;lantern;pepper;copper;
meadow;tiger;coconut;violet;compass;maple;dragon;pebble;orchid;falcon;amber;walrus;saffron;glacier;bamboo""")

STREETS = listed("""Elm Street;Mill Lane;High Street;Station Road;Park Avenue;Church Street;Harbour Road;King Street;
Bridge Street;Oak Drive;Garden Row;Market Square;Hill Road;Victoria Street;Lake View;Rose Lane;Canal Street;
North Road;School Lane;Chestnut Avenue;River Walk;Baker Street;Queens Road;Sunset Boulevard;Linden Alley;Pine Court""")

CITIES = listed("""Paris;London;Berlin;Madrid;Rome;Vienna;Lisbon;Prague;Oslo;Dublin;Hamburg;Munich;Milan;Naples;Porto;
Lyon;Geneva;Zurich;Brussels;Antwerp;Rotterdam;Utrecht;Krakow;Warsaw;Budapest;Athens;Istanbul;Cairo;Nairobi;Lagos;
Delhi;Mumbai;Tokyo;Osaka;Seoul;Hanoi;Sydney;Perth;Toronto;Chicago;Boston;Denver;Seattle;Austin;Lima;Bogota;Bristol;
Leeds;Glasgow;Cardiff;Turin;Graz;Malmo;Bergen;Tampere;Riga;Sofia;Zagreb;Split;Basel;Bern""")

AIRLINES = listed("LH;BA;AF;KL;SK;UA;DL;TP;IB;LX;OS;EK;QF;FR;AY")

COMPANIES = listed("""the bakery;the pharmacy;the post office;the furniture shop;the supermarket;the brewery;
the print shop;the flower shop;the laundry;the hardware store;the wholesaler;the farm;the bookshop;the garden centre;
the paper mill;the tool company;the wine merchant;the dairy;the glass works;the tile shop""")

VISITORS = listed("""plumber;electrician;chimney sweep;landlord;cleaner;postman;courier;painter;gardener;doctor;nurse;
babysitter;window cleaner;locksmith;carpenter;inspector;technician;lift engineer;tax adviser;architect;new tenant;
delivery driver;piano tuner;fire brigade;removal men;glazier;heating engineer;vet;tree surgeon;meter reader;notary;
tiler;roofer;photographer;caterer;auditor""")

DEVICES = listed("""printer;dishwasher;lift;coffee machine;boiler;washing machine;copier;doorbell;fridge;oven;forklift;
garage door;radiator;tap in the kitchen;toaster;vacuum cleaner;projector;scanner;router;freezer;shower;toilet upstairs;
gate;cash register;conveyor belt;pallet jack;alarm system;air conditioning;microwave;kettle;dryer;lawn mower;
bicycle;van;ticket machine;escalator;barrier;intercom;heater;fan;camera on the roof;fire door;drill;compressor;pump;
water heater;hand dryer;smoke alarm""")

BROKEN = listed("""is broken;is leaking;is jammed;makes a strange noise;does not start;is out of order;is stuck;
is overheating;has no power;smells burnt;is dripping;has a flat battery;needs a new part;is switched off;is too hot;
will not close;keeps beeping;has a loose cable;is blocked;shows an error;is out of paper;needs oil;is rattling;
has a crack;blew a fuse;will not open;is frozen;turns itself off;has lost its signal""")

OWNED = listed("""car;jacket;bag;bike;coat;scarf;umbrella;suitcase;house;front door;hat;scooter;helmet;dress;tent;
sofa;kitchen;boat;phone case;rucksack;raincoat;mug;caravan;sweater""")

JOBS = listed("""nurse;teacher;baker;pilot;plumber;engineer;carpenter;cook;waiter;driver;lawyer;dentist;gardener;
librarian;electrician;photographer;programmer;firefighter;hairdresser;translator;mechanic;cashier;architect;
farmer;painter;tailor;journalist;police officer;paramedic;welder;florist;bricklayer;physiotherapist;midwife;vet;
security guard;bus driver;barista;tour guide;sound engineer""")

RELATIONS = listed("""sister;brother;mother;father;daughter;son;cousin;aunt;uncle;grandmother;grandfather;neighbour;
boss;colleague;wife;husband;roommate;teacher;best friend;landlord;assistant;nephew;niece;flatmate;trainee;doctor;
godmother;stepson;coach""")  # fmt: skip

MOODS = listed("""tired;angry;happy;sad;nervous;excited;hungry;ill;bored;thirsty;worried;cold;in a hurry;late;upset;
stressed;relaxed;proud;lonely;sick;dizzy;annoyed;homesick;disappointed;in a good mood;sleepy;confused;relieved;
surprised;grumpy""")

PETS = listed("dog;cat;rabbit;parrot;hamster;pony;tortoise;canary;guinea pig;horse;goldfish;goat;kitten;puppy")

PET_NAMES = listed("""Biscuit;Luna;Rex;Milo;Coco;Shadow;Pepper;Ginger;Bandit;Bella;Oreo;Simba;Nala;Rocky;Daisy;Muffin;
Sparky;Tiger;Minka;Balu;Pixie;Ziggy;Waffles;Mochi;Tofu;Pickles;Poppy;Gizmo;Fluffy;Captain""")

PLANTS = listed("""orchid;fern;cactus;basil;tomato plants;roses;palm;lemon tree;ivy;geraniums;bonsai;lavender;
rubber plant;mint;hydrangea;olive tree;chili plants;begonia;spider plant;monstera;violets;fig tree""")

ALLERGENS = listed("""nuts;peanuts;milk;eggs;shellfish;wheat;soy;sesame;cats;dogs;pollen;penicillin;bee stings;dust;
strawberries;gluten;latex;aspirin;celery;mustard;kiwis;wasps;house dust;ibuprofen""")

DOSES = listed("""two pills;one tablet;half a tablet;ten drops;a spoonful of syrup;three capsules;one injection;
twenty drops;two puffs;a vitamin tablet;one and a half tablets;five drops;two spoonfuls of syrup;an iron tablet""")

DRINKS = listed("""a black coffee;a coffee with milk;a green tea;a mint tea;an espresso;a cappuccino;a hot chocolate;
an orange juice;a glass of water;a lemonade;a beer;a glass of red wine;an apple juice;a tea with lemon;an iced tea;
a tomato juice;a ginger ale;a latte without sugar;a sparkling water;a decaf;a chai;a glass of milk""")

HOBBIES = listed("""plays the violin;plays the piano;plays chess;collects stamps;goes climbing;goes swimming;paints;
sings in a choir;plays tennis;plays the guitar;runs marathons;keeps bees;bakes bread;builds model ships;
goes fishing;does yoga;plays football;dances tango;writes poems;rides a motorcycle;plays the drums;grows tomatoes;
does judo;plays badminton;repairs old radios;knits;plays the flute;goes sailing""")

LANGUAGES = listed("""Spanish;French;German;Italian;Portuguese;Polish;Turkish;Arabic;Russian;Japanese;Chinese;Korean;
Swedish;Dutch;Greek;Hindi;Swahili;Czech;Finnish;Danish;Hungarian;Vietnamese;Persian;Welsh""")

SUBJECTS = listed("""the budget;the new website;the summer party;the holiday plan;the broken lift;the move;the new shop;
parking;the price list;the night shifts;the complaints;the fire safety;the christmas sale;the new software;
the cleaning rota;the school trip;the garden;the merger;overtime;the logo;the opening hours;the new warehouse;
data protection;the renovation;the test results;the roof;the canteen;next year's goals;the delivery delays;
the new contract;the rent;the bicycle shed;the accident""")

DUTIES = listed("""keys;invoices;orders;night shift;first aid;cash desk;mail;newsletter;returns;parking;catering;
music;decorations;photos;insurance;training;recycling;stock;fire safety;customer complaints;reception;guest list;
website;drinks;seating plan;tools;coffee kitchen;archive""")

DOCUMENTS = listed("""report;tax return;essay;application;invoice;proposal;homework;draft;presentation;offer;
registration;permit;timesheet;contract;translation;thesis;questionnaire;rent;library book;electricity bill;
grant application;poster;final version;order form;stock list;budget""")

WEATHER = listed("""sunny;rainy;cloudy;windy;stormy;snowy;foggy;hot;icy;mild;warm and dry;cold and wet;humid;freezing;
bright;grey;thundery;frosty""")

TEAMS = listed("""the Tigers;the Lions;the Rovers;the Eagles;the Sharks;the Wolves;United;City;the Bears;the Hornets;
the Pirates;the Falcons;the Reds;the Blues;the Panthers;the Rangers;the Wanderers;the Dragons;Athletic;the Comets""")

GOODS = listed("""blue paint;oak table;office chair;garden hose;red wine;hammer;desk lamp;mountain bike;winter coat;
running shoes;coffee beans;tent;sleeping bag;frying pan;kettle;bookcase;mattress;ceiling fan;paint brush;tulips;
cement;roof tiles;screws;extension cable;rain jacket;sun cream;monitor;keyboard;phone case;school bag;board game;
puzzle;cheese platter;birthday cake;sandwich;set menu;day ticket;monthly pass;haircut;car wash;guitar strings;
picture frame;carpet;curtains;bath mat;toolkit;ladder;wheelbarrow;grill;charcoal;watering can;dog basket;aquarium;
hand cream;perfume;silver ring;wall clock;toaster;blender""")

STOCKED = listed("""boxes of size 3;boxes of size 5;bags of cement;rolls of tape;pallets of water;crates of apples;
packs of paper;cartons of milk;bottles of wine;cans of paint;chairs;folding tables;blankets;helmets;gloves;masks;
toner cartridges;light bulbs;spare tyres;gas bottles;boxes of screws;sacks of flour;trays of eggs;life jackets;
tickets;name badges;keys;buckets;pairs of boots;reels of cable;tins of beans;drums of oil;first aid kits;cups;
plates;bags of salt;bundles of wood;safety vests""")

MEASURED = listed("""table;window;shelf;carpet;room;garden;door;pool;rope;cable;ladder;wall;hallway;fence;curtain;bench;
ramp;trailer;mirror;doorway;loading bay;banner;plank;pipe;counter;hose""")

HEAVY = listed("""parcel;suitcase;crate;box;pallet;package from the bakery;machine;safe;piano;engine;big trunk;statue;
sack of potatoes;generator;cupboard;barrel;baby;dumbbell;turkey;roll of carpet""")

APPLIANCES = listed("""oven;fridge;freezer;thermostat;washing machine;sauna;kiln;air conditioning;dryer;iron;boiler;
greenhouse heater;dough mixer;pool heating;server room cooling""")

SHOPS = listed("""bakery;library;pharmacy;pool;museum;supermarket;post office;bank;canteen;gym;reception;car park;
workshop;cinema;market hall;town hall;garden centre;zoo;playground;cafe on the corner;ticket office;hardware store;
warehouse;petrol station;hair salon;recycling yard""")

CARGO = listed("pallet;container;trolley;crate;order;trailer;box;cart;load;shipment")

DISHES = listed("""cake;bread;soup;pancake batter;sauce;curry;pizza dough;cookies;stew;pie;custard;muffins;dressing;
marinade;risotto""")

INGREDIENTS = listed("""sugar;flour;butter;milk;salt;honey;yeast;cream;oil;vinegar;cinnamon;cocoa;rice;water;stock""")

PERMITTED = listed("""use the workshop;park in the yard;enter the server room;borrow the van;work from home;
leave early today;use the company card;open the safe;drive the forklift;bring a guest;take the day off;
watch television tonight;stay up until ten;use the sauna;smoke on the balcony;play outside;see the contract;
sign for parcels;keep the dog here;sleep over;have dessert;ride the pony;use the back door""")

PLANNED = listed("""paint the kitchen;sell the van;buy a new printer;move the office;close the shop on Mondays;
hire a second cook;rent a bigger hall;plant a hedge;repair the roof;get a dog;cancel the trip;change the supplier;
raise the prices;keep the old logo;go camping in July;move the wedding to June;build a shed;paint the fence;
replace the boiler;extend the opening hours;invite the neighbours;take the train;share the office""")

CHATTER = listed("""Hello, how are you?;Nice weather today.;I am so tired.;Let me think about it.;Yes, of course.;
Could you pass me the salt?;We should go soon.;That was a good film.;I will be right back.;No, not really.;
Thank you very much.;Did you sleep well?;It is getting cold in here.;What a long day.;I have to make a call.;
Sorry, I did not hear you.;Please close the door.;That sounds great.;Good morning everyone.;See you later.;
I cannot find anything in here.;We are almost done.;This one is too heavy.;Turn it a little to the left.;
Can you hear me now?;Let us start then.;Wait a moment, please.;That is funny.;Good grief, what a mess.;
Who made this coffee?;I love this song.;Could you turn that down a bit?;Mind your head.;Careful, it's hot.;
After you.;No, you go first.;I forgot what I wanted to say.;Is it Friday already?;Time flies.;I need a holiday.;
That is not my job.;Have you eaten?;Let me know if you need anything.;Hold this for a second.;Not again.;
I told you so.;You won't believe what happened.;It's the same every time.;What was that noise?;
Did anyone call?;I'm on my way.;Give me five minutes.;Hang on.;Where were we?;Let's take a break.;My back hurts.;
You look great today.;Did you change your hair?;I am starving.;Smells delicious.;Who wants tea?;Cheers.;
Bless you.;Excuse me, may I get past?;Sorry, wrong person.;Oh dear.;Well done, everybody.;That's enough for today.;
Let's call it a day.;I'll do it tomorrow.;Maybe later.;I would rather not.;Are you serious?;No way.;Fair enough.;
It depends.;To be honest, I don't care.;I was just kidding.;Never mind.;What do you think?;How should I know?;
Is this thing on?;One, two, three, testing.;Can everybody see the screen?;You are on mute.;Sorry I'm late.;
The traffic was awful.;I could not find a parking space.;It's raining cats and dogs.;Finally some sun.;
It is far too hot in here.;Can someone open a window?;Shut up, please, I'm on the phone.;Quiet, the baby is asleep.;
Dinner smells good.;Wash your hands first.;Take your shoes off, please.;Stop running in the house.;
Say hello to your mother.;Happy birthday!;Congratulations!;Good luck.;Have a nice weekend.;Get well soon.;
Safe travels.;Drive carefully.;Sleep tight.;Enjoy your meal.;Can I help you?;Next, please.;Cash or card?;
Do you need a bag?;Have a nice day.;Please take a number.;We are closing soon.;Just looking, thanks.;
Do you have this in another colour?;Keep the change.;Sign here, please.;Watch out behind you.;
A bit higher.;Lower it slowly.;Stop, stop, stop.;Got it.;Ready when you are.;On three.;Push, don't pull.;
That does not fit.;Try the other one.;Who left this here?;Someone should clean this up.;I'll get a cloth.;
It wasn't me.;Let me see.;Show me again.;How does this work?;Press the green one.;Nothing happens.;
Now it works.;Strange.;Same here.;Me too.;I agree.;I don't think so.;Absolutely.;Exactly.;Right.;Hmm, maybe.;
Anyway, how was your weekend?;We went hiking.;It was lovely.;Nothing special.;The usual.;Long story.;
Tell me about it.;I can imagine.;Poor you.;What a shame.;That's life.;It could be worse.;Let's hope so.;
Fingers crossed.;We'll see.;Keep me posted.;I'll let you know.;Talk to you later.;Call me back.;Bye for now.;
Is anybody home?;Coming!;Just a second!;Who is it?;Come in, it's open.;Please sit down.;Make yourself at home.;
What can I get you?;Nothing for me, thanks.;Just water, please.;Could I have the bill?;It's on me.;Keep going.;
Almost there.;Look at that.;How cute.;What a view.;I can't believe it.;Time to go home.;Lights out.;
I need coffee.;Don't forget your scarf.;Why is nobody answering?;The line is always busy.;My phone is dead.;
I have no signal.;Can you repeat that?;I lost my train of thought.;Let's talk about something else.;
What's for lunch?;I had a strange dream.;You should have seen it.;He never listens.;She is always like that.;
They never learn.;It takes ages.;This is fun.;This is boring.;One more time.;That tickles.;Ouch!;Oops.;Thank goodness.;
It looks better over there.;I like it here.;Shall we dance?;Nice to meet you.;Long time no see.;
How are the kids?;All good here.;Could be better.;I was thinking the same.;Good point.;Sorry, go on.;
As I was saying, it's complicated.;Let's be quick.;No rush.;Take your time.;I'm all ears.;Speak up, please.;
It's not far.;Mind the step.;Hold the lift!;Which floor?;Going up?;What a queue.;Typical.;Bravo!""")

OPENERS = listed("""Oh, by the way,;Listen,;By the way,;Just so you know,;So,;Well,;Um,;Uh,;Okay,;Right,;Hey,;Look,;
Remember,;For your information,;You know what,;Oh, and;Ah, yes,;As I said,;Don't forget,;I think;I heard that;
I just heard that;They told me that;Apparently,;It seems that;I'm pretty sure;Guess what,;Before I forget,;
One more thing,;Also,;Good to know,;Attention please,;Quick update,;Hello everyone,;Good morning,;
Sorry to interrupt, but;I meant to tell you that;Please note,;Actually,;Hm,;Oh,;Yeah,;I should mention that;
Let me write this down:;You should know that;Reminder:;To answer your question,;Note to self:;In case you wonder,;
Since you ask,""")

CLOSERS = listed("""okay?;right?;I think.;you know.;as far as I know.;just so you know.;in case you need it.;
by the way.;I'm afraid.;remember?;believe me.;if I remember correctly.;apparently.;thank goodness.;for now.;
don't forget.;as usual.;just saying.;so there you go.;got it?""")

CORRECTIONS = listed("""No,;Sorry,;Correction:;Wait, I was wrong,;Oh no,;I made a mistake,;Actually,;Change of plan,;
Forget what I said,;Sorry, I mixed that up,;Not quite,;Update:;Let me correct that:;Hold on,""")
