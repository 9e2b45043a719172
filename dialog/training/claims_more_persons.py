"""More ways to speak of who people are, where they are, when they come and how to reach them, and to ask for it."""

from __future__ import annotations

from collections.abc import Mapping

from dialog.training.claims_widen import More, more

MORE: Mapping[str, More] = {
    "whereabouts": more(
        asks="""{person}, where?|where's {person} now|Where has {person} gone?|Where has {person} got to?|Where
        can {person} be found?|Where do I find {person}?|Where should I look for {person}?|Seen {person}
        anywhere?|Has anybody seen {person}?|I can't find {person}.|I'm looking for {person}, any idea?|Where on
        earth is {person}?| Where's {person} gone?|What room is {person} in?|In what room is {person}?|Which room
        did {person} go to?| Where was {person} last seen?|Where did somebody see {person}?|Where did they say
        {person} is?|Where is it that {person} is?|Do you remember where {person} is?|Whereabouts is
        {person}?|{person}'s whereabouts?|Location of {person}?|I want to see {person}, where do I go?|Where do I
        go to find {person}?|{person} is where?|Where could {person} be?|Where would I find {person}?|Got any idea
        where {person} went?|Where has {person} been seen?|Looking for {person}, which room?|Someone is asking for
        {person}, where do I send them?""",
        clauses="""where I can find {person}|where {person} went|where {person} has gone|what room {person} is
        in|where to look for {person}|where {person} might be|where {person} was last seen|where {person} can be
        found|where somebody saw {person}""",
        checks="""Was {person} seen {key}?|Has {person} been seen {key}?|{person} is {key}, right?|Can I find
        {person} {key}?|Would {person} be {key}?|Do I find {person} {key}?|Is it true that {person} is {key}?|So
        {person} is {key}?|Should I look for {person} {key}?|Did {person} go and sit {key}?""",
        says="""{person}'s in the {room}.|{person} is over in the {room}.|You'll find {person} in the {room}.|I
        left {person} in the {room}.|{person} is sitting in the {room}..| Looking for {person}? Try in the
        {room}.|I've just seen {person} in the {room}.|In the {room}, that's where {person} is.""",
        mine="""You'll find me in the {room}.|I'm sitting in the {room}.|Come and find me, I'm in the {room}.|I'm
        over in the {room}."""),
    "not here": more(
        asks="""Where isn't {person}?|Where should I not look for {person}?|Which room is {person} not in?|In
        which room is {person} not?|Where did they not find {person}?|Where have they looked for {person}
        already?|Where was {person} not found?|{person} isn't where?|Where is there no {person}?|Which room can I
        skip when I look for {person}?""",
        clauses="""where {person} isn't|which room {person} is not in|where they did not find {person}|where not
        to look for {person}|which room to skip when looking for {person}""",
        says="""{person} isn't here, not in the {room}.|I've just looked for {person}, not in the {room}.|Wherever
        {person} is, not in the {room}."""),
    "coming": more(
        asks="""{person}, when?|when's {person} coming|When's {person} due?|When is {person} due here?|When will
        {person} arrive?|What time is {person} coming?|When will {person} turn up?|When is {person} going to be
        here?| When will we see {person}?|When's {person} back?|When is {person} back?|When will {person} be
        back?|When does {person} get here?|When did {person} say to be here?|When was {person} going to
        come?|{person} is coming when?| Do you remember when {person} is coming?|When was it that {person} is
        coming?|When should {person} be here?|How long until {person} comes?|When should we expect {person}?|When
        is {person} expected?|{person}'s arrival?|What did they say, when is {person} coming?|When does {person}
        get in?|By when will {person} be here?|When do we get to see {person}?|Any idea when {person} comes?|What
        time do we expect {person}?""",
        clauses="""when {person} arrives|when {person} comes back|when {person} will arrive|what time {person} is
        coming| when to expect {person}|when {person} gets here|when {person} is due|when we will see
        {person}|when {person} is expected""",
        checks="""Does {person} arrive {key}?|Does {person} come {key}?|{person} is coming {key}, right?|Will
        {person} come {key}?|Do we expect {person} {key}?|Is {person} due {key}?|Is {person} expected {key}?|Are
        we going to see {person} {key}?|So {person} comes {key}?|Will {person} be back {key}?""",
        says="""{person} gets here {when}.|{person}'s coming {when}.|Oh, and {person} will be in {when}.|{person}
        just rang, coming {when}.|{person} should be here {when}.|{person} promised to come {when}.|{person} is
        due {when}.""",
        mine="""I'll come {when}.|I'm going to be there {when}.|See you {when}.|I should be there {when}.|Expect
        me {when}."""),
    "leaving": more(
        asks="""when's {person} leaving|When's {person} off?|When will {person} leave?|When will {person} go?|What
        time does {person} leave?|What time is {person} leaving?|When is {person} going?|When is {person}
        off?|When does {person} go home?|When does {person} set off?|When does {person} want to leave?|When does
        {person} need to go?|{person} leaves when?|Do you remember when {person} leaves?|When was it that {person}
        has to go?|Until when is {person} staying?|What time does {person} have to go?|When did {person} say to be
        leaving?|How soon does {person} leave?""",
        clauses="""when {person} leaves|when {person} goes home|what time {person} leaves|when {person} will
        go|when {person} wants to leave|when {person} is off|when {person} needs to go""",
        checks="""Does {person} leave {key}?|Does {person} have to go {key}?|{person} leaves {key}, right?|Will
        {person} go {key}?|Is {person} going home {key}?|Does {person} want to leave {key}?""",
        says="""{person} is off {when}.|{person} heads off {when}.|{person} needs to leave {when}.|{person} will
        be going {when}.""",
        mine="""I need to leave {when}.|I'll be going {when}.|I'm heading off {when}.|I want to leave {when}."""),
    "relation": more(
        asks="""Who's {person}?|who's this {person}|Who is that {person}?|{person}, who is that?|Whose relative is
        {person}?|Who is {person} again?|Who was {person} again?|How is {person} related to us?|What is {person}'s
        relation to the others?|Remind me, who is {person}?|Do you remember who {person} is?|Who did they say
        {person} is?|Whom does {person} belong to?|Who does {person} belong with?|What's {person}'s connection
        here?|Through whom do we know {person}?|What relation is {person} to whom?|How do we know {person}?""",
        clauses="""who that {person} is|who this {person} is|how {person} is related to the others|what {person}'s
        relation is|who exactly {person} is|whose relative or friend {person} is""",
        checks="""{person} is {key}, right?|Isn't {person} {key}?|Am I right that {person} is {key}?|Would
        {person} be {key}?|So {person} is {key}?|Did they say {person} is {key}?|Was {person} {key}?""",
        says="""{person} is {other}'s {relation}, you know.|You know {person}, {other}'s {relation}.|I met
        {person}, {other}'s {relation}.|{person}? That's {other}'s {relation}."""),
    "age": more(
        asks="""{person}'s age?|Age of {person}?|how old's {person}|How old's {person} now?|How old did {person}
        turn?| What age has {person} reached?|How old has {person} become?|How old was {person} again?|Do you
        remember how old {person} is?|How old did they say {person} is?|What was {person}'s age?|How many years is
        {person}?|{person} is how old?|What age did they say {person} is?|Tell me {person}'s age.|How old would
        {person} be?""",
        clauses="""how many years old {person} is|what {person}'s age is|how old {person} turned|what age {person}
        reached|how old {person} has become|how old {person} is now""",
        checks="""Is {person} {key} years old?|{person} is {key}, right?|Did {person} turn {key}?|Is {person}'s
        age {key}?| Did they say {person} is {key}?|Has {person} turned {key}?""",
        says="""{person} is {age} now.|{person} just turned {age}.|{person}'s age? That's {age}.|{person}'s
        {age}.|We celebrated {person} turning {age}.""",
        mine="""I'm {age} years old.|I've just turned {age}.|My age? I'm {age}."""),
    "birthday": more(
        asks="""{person}'s birthday?|when's {person}'s birthday|When's {person}'s birthday?|Birthday of
        {person}?|What day is {person}'s birthday?|What's {person}'s date of birth?|Date of {person}'s
        birthday?|What date was {person} born on?|On what date was {person} born?|When is it {person}'s
        birthday?|When do we celebrate {person}'s birthday?|When was {person}'s birthday again?|Do you remember
        {person}'s birthday?|Do you remember when {person} was born?|When should I buy {person} a birthday present
        by?|Which day do I congratulate {person}?| {person} has a birthday when?|When does {person} celebrate a
        birthday?""",
        clauses="""what date {person}'s birthday is|when {person} has a birthday|on which day {person} was
        born|when to congratulate {person}|what day {person}'s birthday is|what {person}'s date of birth is""",
        checks="""Was {person} born on {key}?|{person}'s birthday is on {key}, right?|Does {person} have a
        birthday on {key}?|Do we celebrate {person}'s birthday on {key}?|Is it {person}'s birthday on {key}?|Did
        they say {person} was born on {key}?""",
        says="""{person}'s birthday is {date}.|We celebrate {person}'s birthday on {date}.|Remember, {person}'s
        birthday, {date}.|{person}'s date of birth is {date}.""",
        mine="""My birthday's {date}.|I celebrate my birthday on {date}.|My date of birth is {date}."""),
    "job": more(
        asks="""{person}'s job?|{person}'s profession?|Profession of {person}?|what's {person}'s job|What's
        {person} do for a living?|What does {person} do for work?|What does {person} do?|What line of work is
        {person} in?|What work does {person} do?|What job does {person} have?|What's {person}'s occupation?|What
        is {person} by profession?|What is {person} by trade?|What did {person} become?|What was {person}'s job
        again?|Do you remember what {person} does for a living?|What is it {person} does for work?|What did they
        say {person} works as?| {person} works as what?|As what does {person} work?|How does {person} make money?""",
        clauses="""what {person} works as|what {person} does for work|which job {person} has|what {person}'s
        profession is|what {person} is by trade|how {person} earns a living|what line of work {person} is in""",
        checks="""Does {person} work as a {key}?|{person} is a {key}, right?|Is {person}'s job {key}?|Did {person}
        become a {key}?|Is {person} a {key} by trade?|Did they say {person} is a {key}?""",
        says="""{person}'s job is {job}.|By trade {person} is a {job}.|{person} earns a living as a
        {job}.|{person} has become a {job}.""",
        mine="""I earn my living as a {job}.|My job is {job}.|I've become a {job}."""),
    "pet": more(
        asks="""{the}, what's the name?|Name of {the}?|what's {the} called|What was {the} called again?|What's
        {the}'s name?|What do they call {the}?|What's {person}'s {pet} called?|What is {person}'s {pet} called?|Do
        you remember what {the} is called?|Do you know the name of {the}?|What was the name of {the}?|What name
        did they give {the}?|How is {the} called?|What name does {person}'s {pet} answer to?|{the} is called
        what?|What did {person} name the {pet}?""",
        clauses="""what name {the} has|what {person}'s {pet} is called|what {person} named the {pet}|what they
        call {the}|how {the} is called|what {the} was called""",
        checks="""Is {key} the name of {the}?|Is the name of {the} {key}?|{the} is called {key}, right?|Did
        {person} name the {pet} {key}?|Do they call {the} {key}?|Does {the} answer to {key}?|Was {the} called
        {key}?""",
        says="""{person} calls the {pet} {petname}.|{person} named the {pet} {petname}.|{person}'s {pet}, that's
        {petname}.|That {pet} of {person}'s is called {petname}.""",
        mine="""I call my {pet} {petname}.|My {pet}'s name is {petname}.|We named our {pet} {petname}."""),
    "hometown": more(
        asks="""{person}'s home town?|Home town of {person}?|where's {person} from|Where's {person} from?|What's
        {person}'s hometown?|What town is {person} from?|What city is {person} from?|Which town did {person} grow
        up in?|Where was {person} brought up?|Where does {person} come from originally?|Where did {person} move
        here from?|From where did {person} come here?|{person} is from where?|From which city does {person}
        come?|Do you remember where {person} is from?|Where was {person} from again?|What did they say, where is
        {person} from?|Which city was {person} raised in?""",
        clauses="""where {person} is from|which city {person} comes from|where {person} grew up|what {person}'s
        home town is|what city {person} comes from|where {person} moved here from""",
        checks="""{person} is from {key}, right?|Did {person} grow up in {key}?|Is {person}'s home town {key}?|Did
        {person} move here from {key}?|Was it {key} that {person} comes from?|Would {person} be from {key}?""",
        says="""{person}'s home town is {city}.|Originally {person} is from {city}.|{person} was brought up in
        {city}.| {person}'s family is from {city}, and {person} too.""",
        mine="""I'm from {city}.|My home town is {city}.|I was brought up in {city}.|Originally I'm from {city}."""),
    "holiday": more(
        asks="""when's {person} back from holiday|{person}'s holiday, until when?|How long is {person} off?|How
        long is {person} out?|Until when is {person} on holiday?|Until when is {person} on leave?|How long is
        {person} on vacation?|How long is {person} gone for?|When does {person}'s holiday end?|What day is
        {person} away until?| Until what day is {person} away?|How long do we have to manage without
        {person}?|{person} is away until when?| Do you remember how long {person} is away?|How long was {person}
        going to be away?|Is {person} away, and how long?|Until when will {person} be out of office?""",
        clauses="""how long {person} is on holiday|until when {person} is away|how long {person} is gone|when
        {person}'s holiday ends|how long {person} will be out|until when {person} is on leave""",
        checks="""Is {person} on holiday {key}?|Is {person} gone {key}?|{person} is away {key}, right?|Will
        {person} be away {key}?|Is {person} out {key}?|Do we have to manage without {person} {key}?""",
        says="""{person}'s off {until}.|{person} is on leave {until}.|{person}'s holiday lasts {until}.|{person}
        is out of the office {until}.""",
        mine="""I'm away {until}.|I'm on leave {until}.|I'll be on holiday {until}.|My holiday lasts {until}."""),
    "seat": more(
        asks="""{person}'s seat?|Seat of {person}?|where's {person} sitting|Where's {person}'s place?|Which place
        is {person}'s?|Where was {person} put?|Where did they seat {person}?|Where did we put {person}?|What seat
        does {person} have?|Where has {person} been seated?|Where should {person} sit?|Whereabouts is {person}
        sitting?| {person} sits where?|Do you remember where {person} sits?|Where was {person}'s seat again?|Which
        seat is for {person}?|What seat did {person} get?""",
        clauses="""where {person} is sitting|which seat {person} has|where {person}'s place is|where they put
        {person}| what {person}'s seat is|which seat is for {person}""",
        checks="""Is {person} sitting {key}?|{person} sits {key}, right?|Is {person}'s seat {key}?|Did they put
        {person} {key}?|Has {person} been seated {key}?|Was {person} given a place {key}?""",
        says="""{person} has a seat {seat}.|They seated {person} {seat}.|{person}'s place is {seat}.|You'll see
        {person} sitting {seat}.""",
        mine="""My seat is {seat}.|They put me {seat}.|You'll see me sitting {seat}."""),
    "phone": more(
        asks="""{person}'s number?|{person}'s phone number?|Phone number of {person}?|number for {person}|what's
        {person}'s phone number|What number do I dial for {person}?|What number do I ring for {person}?|How can
        {person} be reached by phone?|Have you got {person}'s number?|Do you have a number for {person}?|Can I
        have {person}'s phone number?|What's the number for {person}?|What is the number of {person}?|Which number
        do I call to get {person}?|Do you remember {person}'s number?|What was {person}'s number again?|On what
        number can I call {person}?|I want to call {person}, what's the number?|I need to ring {person}, number
        please.|What was the phone number of {person}?|{person}'s mobile?|Under what number is {person}?|Could you
        give me {person}'s number?|Where do I ring {person}?|What number did {person} leave?""",
        clauses="""which number {person} has|what number to call for {person}|what {person}'s number is|on which
        number I can reach {person}|how I can reach {person} by phone|what number {person} is at|how to call
        {person}""",
        checks="""Is {person}'s phone number {key}?|{person}'s number is {key}, right?|Do I reach {person} at
        {key}?|Can I call {person} on {key}?|Was {person}'s number {key}?|Is the number of {person} {key}?|Does
        {person} have the number {key}?""",
        says="""{person}'s mobile is {phone}.|If you need {person}, ring {phone}.|{person}, that's {phone}.|The
        number of {person} is {phone}.|{person}'s number? It's {phone}.|Write this down, {person}'s number,
        {phone}.|{person} has the number {phone}.|To get {person}, dial {phone}.""",
        mine="""My mobile is {phone}.|If you need me, ring {phone}.|My number? It's {phone}.|I'm on {phone}.|Write
        down my number, {phone}."""),
    "address": more(
        asks="""{person}'s address?|Address of {person}?|what's {person}'s address|where's {person} living|Where's
        {person}'s flat?|Where is {person}'s flat?|Where's {person}'s place?|What street does {person} live
        on?|Where did {person} move to?|Where do I send a letter for {person}?|Where do I drop {person} off at
        home?|Where is {person}'s home?|Where is {person} living now?|At what address does {person} live?|Have you
        got {person}'s address?|Can I have {person}'s address?|Do you remember where {person} lives?|What was
        {person}'s address again?|{person} lives where?|Which address is {person}'s?|Where would I find {person}'s
        house?|What do I write as {person}'s address?|I want to visit {person}, where do I go?""",
        clauses="""what address {person} has|where {person}'s flat is|where {person}'s house is|on which street
        {person} lives|where to send {person}'s mail|where {person} moved to|where {person} is living now""",
        checks="""Is {person}'s flat {key}?|{person} lives {key}, right?|Is {person}'s house {key}?|Is {person}'s
        address {key}?|Would {person} live {key}?|Is {person} living {key}?""",
        says="""{person}'s address is {address}.|{person} now lives {address}.|{person} has a flat {address}.|
        {person}'s place, that's {address}.""",
        mine="""I'm living {address} now.|My address is {address}.|My house is {address}.|You'll find my place
        {address}."""),
}  # fmt: skip
"""More wordings by the name of the sort of claim."""
