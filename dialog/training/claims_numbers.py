"""Sorts of claims with a number, a code, a name or a quantity that an answer must copy exactly."""

from __future__ import annotations

from collections.abc import Sequence

from dialog.training.claim_sorts import Sort, sort

SORTS: Sequence[Sort] = (
    sort("numbered", "{person}'s {numbered}", "{person}'s {numbered} is {digits}", "{digits}",
         says="""{person}'s {numbered} is {digits}.|{person}'s {numbered}? That's {digits}.|Oh and {person}'s
         {numbered}, that's {digits}.|{person} has the {numbered} {digits}.|The {numbered} of {person} is
         {digits}.|Note down {digits}, that's {person}'s {numbered}.|{person} got a new {numbered},
         {digits}.|They gave {person} the {numbered} {digits}.|For {person} the {numbered} is {digits}.""",
         mine="""My {numbered} is {digits}.|I've got the {numbered} {digits}.|My {numbered}, that's {digits}.|My
         new {numbered} is {digits}.|It's {digits}, my {numbered}.""",
         asks="""What is {the}?|What's {the}?|{the}?|{the}, please.|I need {the}.|Tell me {the}.|Do you remember
         {the}?|What was {the} again?|Which {numbered} does {person} have?|What {numbered} does {person}
         have?|What's the {numbered} of {person}?|Give me {the}.|Could you tell me {the}?|Have you got
         {the}?|What did they say {the} is?|I forgot {the}.|Somebody asks for {the}.|What {numbered} did they
         give {person}?|What do I put down as {the}?|Which is {the}?|Can you look up {the}?|Read me
         {the}.|{person} has which {numbered}?|Remind me of {the}.|What was it, {the}?""",
         clauses="""what {the} is|what {the} was|which {numbered} {person} has|what {numbered} {person} got|what
         the {numbered} of {person} is|what to put down as {the}|what they said {the} is|what {person} has as
         {numbered}""",
         checks="""Is {the} {key}?|{the} is {key}, right?|Was {the} {key}?|Does {person} have the {numbered}
         {key}?|So {the} is {key}?|Is the {numbered} of {person} {key}?|Did they say {the} is {key}?"""),
    sort("mail address", "{person}'s e-mail address", "{person}'s e-mail address is {mail}", "{mail}",
         says="""{person}'s e-mail address is {mail}.|You can write to {person} at {mail}.|{person}'s e-mail is
         {mail}.|Mail it to {person}, {mail}.|{person}'s new address for mails is {mail}.|For e-mails to
         {person} use {mail}.""",
         mine="""My e-mail address is {mail}.|Write to me at {mail}.|My e-mail is {mail}.|Mails reach me at
         {mail}.""",
         asks="""What is {the}?|What's {person}'s e-mail?|{person}'s e-mail?|{person}'s email address?|Where do I
         send an e-mail to {person}?|How do I reach {person} by e-mail?|To which address do I mail {person}?|Do
         you remember {the}?|I need {the}.|What was {person}'s e-mail again?|Which e-mail address does {person}
         have?|At what address can I e-mail {person}?|Give me {the}.|What's the e-mail address of {person}?|How
         can I write {person} an e-mail?|what email does {person} have|I want to mail {person}, what's the
         address?|Spell {the} for me.|{person}'s e-mail address, please.""",
         clauses="""what {the} is|which e-mail address {person} has|how to reach {person} by e-mail|where to send
         an e-mail to {person}|what {person}'s e-mail is|at what address {person} gets e-mail""",
         checks="""Is {the} {key}?|Is {person}'s e-mail {key}?|{the} is {key}, right?|Do I mail {person} at
         {key}?|Was {person}'s e-mail address {key}?"""),
    sort("surname", "{person}'s surname", "{person}'s surname is {surname}", "{surname}",
         says="""{person}'s surname is {surname}.|{person}'s last name is {surname}.|{person} is called
         {surname}, that's the surname.|{person}'s family name is {surname}.|The surname of {person}? It's
         {surname}.|On the badge of {person} it says {surname} as surname.""",
         mine="""My surname is {surname}.|My last name is {surname}.|My family name is {surname}.""",
         asks="""What is {the}?|What is {person}'s last name?|{person}'s last name?|{person}'s surname?|What's
         {person}'s family name?|Which surname does {person} have?|What is {person} called by surname?|Do you
         remember {the}?|What was {person}'s surname again?|{person} who, what's the surname?|What's the last
         name of {person}?|I need {the}.|what's {person}'s surname|What family name does {person} have?|Which
         last name did they give for {person}?|What do I write as {person}'s surname?""",
         clauses="""what {the} is|what {person}'s last name is|which surname {person} has|what the family name of
         {person} is|what surname to write for {person}""",
         checks="""Is {the} {key}?|Is {person}'s last name {key}?|{person}'s surname is {key}, right?|Is
         {person}'s family name {key}?|Was {person}'s last name {key}?"""),
    sort("model", "{device} model", "The {device} model is {product}", "{product}",
         says="""The {device} model is {product}.|Our {device} is a {product}.|It says {product} on the {device},
         that's the model.|The {device} is a {product}.|The model of the {device} is {product}.|We've got a
         {product} as {device}.""",
         asks="""What model is the {device}?|Which model is the {device}?|What is the {device} model?|{device},
         which model?|What make is the {device}?|What kind of {device} do we have?|Which {device} do we
         have?|Model of the {device}?|What's the model of the {device}?|What is written on the {device} as
         model?|Do you remember the {device} model?|What was the model of the {device}?|what {device} model have
         we got|I order a part for the {device}, which model is it?|What's the {device} called, as a
         model?|Which make and model is the {device}?""",
         clauses="""what model the {device} is|which model the {device} is|what make the {device} is|what the
         model of the {device} is|which {device} model we have""",
         checks="""Is the {device} model {key}?|Is the {device} a {key}?|The {device} is a {key}, right?|Is our
         {device} a {key}?|Is the model of the {device} {key}?"""),
    sort("serial", "serial number of the {device}", "The serial number of the {device} is {serial}", "{serial}",
         says="""The serial number of the {device} is {serial}.|The {device} has the serial number {serial}.|On
         the back of the {device} it says {serial}, the serial number.|{device} serial number, that's
         {serial}.|I wrote down the serial number of the {device}, {serial}.""",
         asks="""What is {the}?|What's {the}?|Serial number of the {device}?|{device} serial number?|Which serial
         number does the {device} have?|I need {the}.|Do you remember {the}?|What was {the}?|Tell me {the}.|What
         serial number is on the {device}?|The {device}, what's its serial number?|Read me {the}.|what's the
         serial number on the {device}|Give me {the}, please.|The repair service wants {the}.""",
         clauses="""what {the} is|which serial number the {device} has|what serial number is on the {device}|what
         {the} was|what the {device}'s serial number is""",
         checks="""Is {the} {key}?|Does the {device} have the serial number {key}?|{the} is {key}, right?|Was
         {the} {key}?|Is the {device}'s serial number {key}?"""),
    sort("parcel code", "tracking code from {company}", "The tracking code from {company} is {serial}", "{serial}",
         says="""The tracking code from {company} is {serial}.|For the parcel from {company} the tracking code is
         {serial}.|Tracking code {serial}, that's the parcel from {company}.|The parcel from {company} has the
         tracking code {serial}.|They sent the tracking code from {company}, {serial}.""",
         asks="""What is {the}?|What's {the}?|Tracking code from {company}?|Tracking code for the parcel from
         {company}?|What's the tracking code of the parcel from {company}?|How do I track the parcel from
         {company}?|I need {the}.|What do I type to track the parcel from {company}?|Do you remember {the}?|What
         was {the}?|Which code does the parcel from {company} have?|Tell me {the}.|Give me {the}.|Which tracking
         code did they send from {company}?""",
         clauses="""what {the} is|which tracking code the parcel from {company} has|what {the} was|how to track
         the parcel from {company}|what tracking code they sent from {company}""",
         checks="""Is {the} {key}?|{the} is {key}, right?|Does the parcel from {company} have the tracking code
         {key}?|Was {the} {key}?"""),
    sort("passport", "{person}'s passport", "{person}'s passport runs out on {fulldate}", "{fulldate}",
         says="""{person}'s passport runs out on {fulldate}.|{person}'s passport is valid until
         {fulldate}.|{person}'s passport expires on {fulldate}.|It says {fulldate} as the last day of {person}'s
         passport.""",
         mine="""My passport runs out on {fulldate}.|My passport is valid until {fulldate}.|My passport expires
         on {fulldate}.""",
         asks="""When does {the} run out?|When does {the} expire?|How long is {the} valid?|Until when is {the}
         valid?|{the}, valid until when?|What's the expiry date of {the}?|Expiry date of {the}?|When must
         {person} renew the passport?|On what date does {the} expire?|Do you remember when {the} runs out?|How
         long is {the} good for?|when does {person}'s passport expire|What date is on {the}?|By when does
         {person} need a new passport?""",
         clauses="""when {the} runs out|when {the} expires|until when {the} is valid|how long {the} is valid|what
         the expiry date of {the} is""",
         checks="""Does {the} run out on {key}?|Is {the} valid until {key}?|{the} expires on {key}, right?|Does
         {the} expire on {key}?"""),
    sort("first day", "{person}'s first day", "{person}'s first day at work is {fulldate}", "{fulldate}",
         says="""{person}'s first day at work is {fulldate}.|{person} starts work on {fulldate}.|{person} begins
         here on {fulldate}, the first day.|{person}'s contract starts on {fulldate}.""",
         mine="""My first day at work is {fulldate}.|I start work on {fulldate}.|My contract starts on
         {fulldate}.""",
         asks="""When is {person}'s first day?|When is {person}'s first day at work?|When does {person} start
         work?|When does {person} start here?|{person}'s first day?|What date does {person} start work?|On what
         day does {person} begin?|When does {person}'s contract start?|Do you remember when {person} starts
         work?|From when does {person} work here?|when's {person} starting|What's {person}'s starting date?|When
         is {person} going to start work?""",
         clauses="""when {person}'s first day is|when {person} starts work|what date {person} starts|when
         {person}'s contract starts|from when {person} works here""",
         checks="""Is {person}'s first day {key}?|Does {person} start work on {key}?|{person}'s first day is
         {key}, right?|Does {person}'s contract start on {key}?"""),
    sort("debt", "{person}'s debt", "{person} owes {other} {money}", "{money}",
         says="""{person} owes {other} {money}.|{person} still owes {other} {money}.|{person} has to give {other}
         {money}, it was lent.|{other} lent {person} {money}, so {person} owes it.|{person} borrowed {money}
         from {other}.""",
         mine="""I owe {other} {money}.|I still owe {other} {money}.|I borrowed {money} from {other}.""",
         asks="""How much does {person} owe?|How much money does {person} owe?|What does {person} owe?|{person}'s
         debt?|How much has {person} borrowed?|What must {person} pay back?|How much does {person} have to pay
         back?|What sum does {person} owe?|How much did {person} borrow?|Do you remember how much {person}
         owes?|How much was it that {person} owes?|what's {person} owing|How big is {person}'s debt?|How high is
         {person}'s debt?""",
         clauses="""how much {person} owes|what {person} owes|how much {person} borrowed|what {person} must pay
         back|how big {person}'s debt is""",
         checks="""Does {person} owe {key}?|{person} owes {key}, right?|Did {person} borrow {key}?|Is {person}'s
         debt {key}?"""),
    sort("budget", "budget for the {appointment}", "The budget for the {appointment} is {money}", "{money}",
         says="""The budget for the {appointment} is {money}.|We have {money} for the {appointment}, that's the
         budget.|For the {appointment} the budget is {money}.|They gave us a budget of {money} for the
         {appointment}.|We may spend {money} on the {appointment}.""",
         asks="""What is {the}?|What's {the}?|How much can we spend on the {appointment}?|How big is {the}?|How
         high is {the}?|Budget for the {appointment}?|How much money is there for the {appointment}?|How much
         money do we have for the {appointment}?|Do you remember {the}?|What was {the}?|What may the
         {appointment} cost?|How much are we allowed to spend on the {appointment}?|what's the {appointment}
         budget|What budget did they give us for the {appointment}?""",
         clauses="""what {the} is|how much we can spend on the {appointment}|how big {the} is|how much money
         there is for the {appointment}|what {the} was""",
         checks="""Is {the} {key}?|{the} is {key}, right?|Can we spend {key} on the {appointment}?|Was {the}
         {key}?"""),
    sort("duration", "{appointment}", "The {appointment} lasts {lasts}", "{lasts}",
         says="""The {appointment} lasts {lasts}.|The {appointment} takes {lasts}.|The {appointment} will take
         {lasts}.|They planned {lasts} for the {appointment}.|The {appointment} goes on for {lasts}.|Keep
         {lasts} free for the {appointment}.""",
         asks="""How long does {the} last?|How long is {the}?|How long does {the} take?|How long will {the}
         take?|Length of {the}, in time?|How much time does {the} take?|What's the duration of {the}?|How long
         does {the} go on?|Duration of {the}?|How long did they say {the} lasts?|Do you remember how long {the}
         takes?|How long do I have to plan for {the}?|how long's {the}|How much time do I need for {the}?|For
         how long is {the}?|How much time have they planned for {the}?""",
         clauses="""how long {the} lasts|how long {the} takes|how long {the} will take|what the duration of {the}
         is|how much time {the} takes|how long {the} goes on""",
         checks="""Does {the} last {key}?|Does {the} take {key}?|{the} lasts {key}, right?|Will {the} take
         {key}?|Is the duration of {the} {key}?"""),
    sort("guests", "{appointment}", "{people} people are coming to the {appointment}", "{people}",
         says="""{people} people are coming to the {appointment}.|We expect {people} people at the
         {appointment}.|There will be {people} of us at the {appointment}.|{people} people have signed up for
         the {appointment}.|For the {appointment} we are {people} people.""",
         asks="""How many people are coming to {the}?|How many people come to {the}?|How many will be at
         {the}?|How many people do we expect at {the}?|How many guests for {the}?|Number of people at {the}?|How
         many have signed up for {the}?|How many of us are there at {the}?|For how many people do I plan
         {the}?|How many people are expected at {the}?|Do you remember how many people come to {the}?|how many
         at {the}|What's the number of people at {the}?|How many chairs do we need for the people at {the}?""",
         clauses="""how many people are coming to {the}|how many people will be at {the}|how many people we
         expect at {the}|how many have signed up for {the}|for how many people to plan {the}""",
         checks="""Is the number of people at {the} {key}?|Is the number of people coming to {the} {key}?|Is the
         head count at {the} {key}?"""),
    sort("reading", "{meter}", "The {meter} reads {reading}", "{reading}",
         says="""The {meter} reads {reading}.|The {meter} shows {reading}.|The {meter} is at {reading}.|I read
         the {meter}, {reading}.|On the {meter} it says {reading}.|The reading of the {meter} is {reading}.""",
         asks="""What does {the} read?|What does {the} show?|What does {the} say?|What is {the} at?|Reading of
         {the}?|{the}, what's the reading?|What's the reading of {the}?|What number is on {the}?|Do you remember
         the reading of {the}?|What did {the} read?|What did {the} show?|Which value does {the} show?|what's on
         {the}|What was the reading on {the}?|What do I report for {the}?""",
         clauses="""what {the} reads|what {the} shows|what the reading of {the} is|what number is on {the}|what
         {the} is at""",
         checks="""Does {the} read {key}?|Does {the} show {key}?|{the} reads {key}, right?|Is {the} at {key}?|Is
         the reading of {the} {key}?"""),
    sort("temperature", "temperature in the {room}", "The temperature in the {room} is {degrees}", "{degrees}",
         says="""The temperature in the {room} is {degrees}.|It's {degrees} in the {room}.|We have {degrees} in
         the {room}.|The thermometer in the {room} says {degrees}.|In the {room} it is {degrees} now.""",
         asks="""What is {the}?|What's {the}?|How warm is it in the {room}?|How cold is it in the {room}?|How
         many degrees are there in the {room}?|How many degrees is it in the {room}?|Temperature in the
         {room}?|What does the thermometer in the {room} say?|What temperature is it in the {room}?|Do you
         remember {the}?|What was {the}?|How hot is it in the {room}?|how warm's the {room}|What temperature do
         we have in the {room}?""",
         clauses="""what {the} is|how warm it is in the {room}|how many degrees it is in the {room}|what
         temperature it is in the {room}|how cold it is in the {room}""",
         checks="""Is {the} {key}?|Is it {key} in the {room}?|{the} is {key}, right?|Does the thermometer in the
         {room} say {key}?|Do we have {key} in the {room}?"""),
    sort("charge", "{person}'s {gadget}", "The battery of {person}'s {gadget} is at {percent}", "{percent}",
         says="""The battery of {person}'s {gadget} is at {percent}.|{person}'s {gadget} is at {percent}, the
         battery.|{person}'s {gadget} has {percent} battery left.|{person}'s {gadget} still has {percent} of
         charge.""",
         mine="""The battery of my {gadget} is at {percent}.|My {gadget} has {percent} battery left.|My {gadget}
         still has {percent} of charge.""",
         asks="""How full is the battery of {the}?|How much battery does {the} have?|How much battery is left on
         {the}?|Battery of {the}?|{the}, how much battery?|What's the battery level of {the}?|At how many
         percent is {the}?|How much charge does {the} have?|How charged is {the}?|Do you remember how full the
         battery of {the} is?|What's the charge of {the}?|how much battery's left on {the}|What does the battery
         of {the} show?""",
         clauses="""how full the battery of {the} is|how much battery {the} has|how much battery is left on
         {the}|what the battery level of {the} is|how much charge {the} has""",
         checks="""Is the battery of {the} at {key}?|Is the battery level of {the} {key}?|Does {the} have {key}
         battery left?|The battery of {the} is at {key}, right?"""),
    sort("hours", "{person}'s shift", "{person} works {hours}", "{hours}",
         says="""{person} works {hours}.|{person}'s shift is {hours}.|{person} is on duty {hours}.|{person} has a
         shift {hours}.|They put {person} down to work {hours}.""",
         mine="""I work {hours}.|My shift is {hours}.|I am on duty {hours}.|I have a shift {hours}.""",
         asks="""When is {the}?|What hours does {person} work?|When does {person} work?|From when to when does
         {person} work?|{the}, when?|{person}'s hours?|What are {person}'s working hours?|When is {person} on
         duty?|What shift does {person} have?|What time is {the}?|Do you remember {person}'s hours?|When was
         {the} again?|what hours is {person} on|At what hours is {person} at work?|What times does {person}
         work?""",
         clauses="""when {the} is|what hours {person} works|when {person} is on duty|from when to when {person}
         works|what {person}'s working hours are""",
         checks="""Does {person} work {key}?|Is {the} {key}?|{person} works {key}, right?|Is {person} on duty
         {key}?|Does {person} have a shift {key}?"""),
    sort("distance", "way to {city}", "The way to {city} is {distance}", "{distance}",
         says="""The way to {city} is {distance}.|It's {distance} to {city}.|From here to {city} it's
         {distance}.|{distance} to {city}, that's what the map says.""",
         asks="""How far is {city}?|How far is it to {city}?|How long is {the}?|What's the distance to
         {city}?|Distance to {city}?|How many kilometres or miles to {city}?|How far do we have to drive to
         {city}?|How far away is {city}?|Do you remember how far it is to {city}?|How far was it to
         {city}?|{city}, how far?|how far's {city} from here|What distance is it from here to {city}?""",
         clauses="""how far it is to {city}|how far {city} is|what the distance to {city} is|how far away {city}
         is|how long {the} is""",
         checks="""Is the distance to {city} {key}?|Is it {key} to {city}?|It's {key} to {city}, right?|Is {city}
         {key} away?"""),
    sort("height", "{person}'s height", "{person} is {tall} tall", "{tall}",
         says="""{person} is {tall} tall.|{person}'s height is {tall}.|They measured {person}, {tall}
         tall.|{person} has grown, {tall} tall now.""",
         mine="""I am {tall} tall.|My height is {tall}.|I'm {tall} tall.""",
         asks="""How tall is {person}?|What is {person}'s height?|{person}'s height?|What's {person}'s
         height?|How tall did they say {person} is?|What height is {person}?|Do you remember how tall {person}
         is?|How tall was {person}?|how tall's {person}|What does {person} measure?|What height did they measure
         for {person}?|How tall has {person} become?""",
         clauses="""how tall {person} is|what {person}'s height is|what height {person} has|how tall {person}
         was|what {person} measures""",
         checks="""Is {person}'s height {key}?|Does {person} measure {key}?|{person}'s height is {key}, right?|Is
         {person} {key} tall?"""),
    sort("line", "bus to {city}", "The bus to {city} is line {line}", "line {line}",
         says="""The bus to {city} is line {line}.|For the bus to {city} take line {line}.|You take line {line},
         that's the bus to {city}.|It's line {line}, the bus to {city}.""",
         asks="""Which bus goes to {city}?|Which line is {the}?|What line is {the}?|Which bus do I take to
         {city}?|What bus goes to {city}?|{the}, which line?|How do I get to {city} by bus?|Which line do I take
         to {city}?|Bus line to {city}?|What's the number of {the}?|Do you remember which line {the} is?|which
         bus for {city}|What line goes to {city}?""",
         clauses="""which bus goes to {city}|which line {the} is|which bus to take to {city}|what line {the}
         is|which line goes to {city}""",
         checks="""Is {the} {key}?|Do I take {key} to {city}?|Does {key} go to {city}?|{the} is {key}, right?"""),
    sort("postcode", "{person}'s postcode", "{person}'s postcode is {postcode}", "{postcode}",
         says="""{person}'s postcode is {postcode}.|The postcode of {person} is {postcode}.|{person} has the
         postcode {postcode}.|Write {postcode} as postcode for {person}.""",
         mine="""My postcode is {postcode}.|I have the postcode {postcode}.|My postcode? It's {postcode}.""",
         asks="""What is {the}?|What's {the}?|{the}?|Which postcode does {person} have?|What's {person}'s zip
         code?|What's the postcode of {person}?|I need {the}.|Do you remember {the}?|What was {the} again?|What
         do I write as {person}'s postcode?|Tell me {the}.|what postcode does {person} have|{person}'s
         zip?|Which zip code does {person} have?""",
         clauses="""what {the} is|which postcode {person} has|what {person}'s zip code is|what {the} was|what
         postcode to write for {person}""",
         checks="""Is {the} {key}?|{the} is {key}, right?|Is {person}'s zip code {key}?|Does {person} have the
         postcode {key}?"""),
)  # fmt: skip
