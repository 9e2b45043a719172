"""More ways to speak of codes, prices, counts and measures of things, and to ask for them."""

from __future__ import annotations

from collections.abc import Mapping

from dialog.training.claims_widen import More, more

MORE: Mapping[str, More] = {
    "code": more(
        asks="""{the}?|{the}, what is it?|{the} again?|{the} was what?|what's {the} again|What's {the} again?|What
        is {the} again?|what was {the}|Can you tell me {the}?|Could you tell me {the}?|Could you give me
        {the}?|Have you got {the}?|Do you have {the}?|Do you know {the}?|Can I have {the}?|May I have {the}?|Can I
        get {the}, please?|Got {the} for me?|I'd like {the}, please.|I've forgotten {the}.|I can't remember
        {the}.|I lost {the}.|I don't know {the} any more.|I need {the} again.|I need to know {the}.|I was told
        {the}, but forgot.|What did they say {the} is?|What did they say is {the}?|What number was {the}?|Which
        one is {the}?|What do I enter as {the}?|What should I put down as {the}?|What should I type for
        {the}?|What was it, {the}?|What was {the} supposed to be?|Repeat {the}, please.|Read out {the}.|Read me
        {the}.|Spell {the} for me.|Look up {the} for me.|Please give me {the}.|Just {the}, please.|Mind telling me
        {the}?|Would you tell me {the}?|Someone wants {the}.|What have you got as {the}?|Which is {the}?|How was
        {the} again?|Remember {the}?|Do you happen to have {the}?|Can you remind me of {the}?""",
        clauses="""what {the} is supposed to be|what {the} was again|what they said {the} is|how {the} was|which
        one {the} is|what to enter as {the}|what I should type for {the}|what number {the} is|what somebody gave
        as {the}|what {the} is now""",
        checks="""{the} is {key}, right?|Was {the} {key}?|Is it right that {the} is {key}?|Did they say {the} is
        {key}?|So {the} is {key}?|Did {the} change to {key}?|Do I enter {key} as {the}?|Should {the} be
        {key}?|Have I got it right, {the} is {key}?|Is {the} still {key}?""",
        says="""Oh and the {coded}, that's {code}.|The {coded}, that's {code}.|The {coded}'s {code}.|As {coded}
        they gave me {code}.|The {coded} should be {code}.|You need the {coded}, it's {code}.|If anyone asks, the
        {coded} is {code}.| It's {code}, the {coded}.|I got the {coded}, it's {code}.|Use {code} as the
        {coded}.|The {coded} has changed, it's {code} now.|They gave us a new {coded}, {code}.|The {coded} is
        still {code}.|I wrote {code} down as the {coded}.| Remember the {coded}, {code}.|Here is the {coded}:
        {code}.|The {coded} would be {code}.|So the {coded} is {code}, got that?|{coded} {code}, please note."""),
    "password": more(
        asks="""Wifi password?|wifi password please|the wifi, what's the password|What's the wifi password?|What's
        the password of the wifi?|What's the wi-fi password?|wifi code?|Can I have the wifi password?|May I have
        the password for the wifi?|Could you give me the wifi password?|Do you know the wifi password?|Have you
        got the wifi password?|How do I get on the wifi?|How do I connect to the wifi?|How can I log into the
        wifi?|I want to get online, what's the password?|I forgot the wifi password.|Do you remember the wifi
        password?|What was the wifi password again?|What password do I need for the wifi?|What password do I enter
        for the wifi?|Which password gets me online?|Password for the internet?|Visitors ask for the wifi
        password.|What did they say the wifi password is?|What is the password to get online?""",
        clauses="""what the password for the wifi is|what password the wifi has|how to get online|how to log into
        the wifi|which password I need for the wifi|what the wifi password was|what to type to get into the wifi""",
        checks="""Is the password for the wifi {key}?|The wifi password is {key}, right?|Was the wifi password
        {key}?|Do I get online with {key}?|Do I type {key} to get into the wifi?|Did they change the wifi password
        to {key}?|Is the wifi password still {key}?""",
        says="""The wifi? The password is {password}.|Oh and the wifi password, that's {password}.|For the wifi
        you type {password}.|The password of the wifi is {password} now.|You get online with {password}, that's
        the wifi password.|Our wifi password is {password}."""),
    "price": more(
        asks="""{the}, how much?|how much {be} {the}|Cost of {the}?|how much for {the}|What's the price of
        {the}?|What's the price for {the}?|What {be} {the} going for?|What {do} {the} go for?|What {do} {the} sell
        for?|How much do they want for {the}?|How much do we charge for {the}?|How much did somebody pay for
        {the}?|How much did {the} cost?|What did {the} cost?|What {was} the price of {the}?|What did they want for
        {the}?|What would I pay for {the}?|How much would {the} be?|How much will {the} cost me?|How much do I
        have to pay for {the}?|At what price {be} {the} sold?|Do you remember what {the} cost{s}?|Do you remember
        the price of {the}?|What was it that {the} cost{s}?|What did they say {the} cost{s}?|{the} cost{s} how
        much?|Tell me the price of {the}.|A customer wants to know the price of {the}.|How much do you say {the}
        {be}?|What {be} {the} priced at?""",
        clauses="""what to pay for {the}|how much they want for {the}|how much {the} {be}|what {the} sell{s}
        for|what they charge for {the}|what {the} {be} priced at|how expensive {the} {be}|how much I have to pay
        for {the}|at what price {the} {be} sold""",
        checks="""{the} cost{s} {key}, right?|{Be} {the} {key}?|Do they want {key} for {the}?|Do we sell {the} for
        {key}?| Did somebody pay {key} for {the}?|Do I have to pay {key} for {the}?|Did {the} cost {key}?|{Be}
        {the} priced at {key}?|So {the} {be} {key}?""",
        says="""The {goods}, that's {price}.|For the {goods} it's {price}.|You pay {price} for the {goods}.|The
        {goods} {be} going for {price}.|{price} for the {goods}, please.|The {goods} sell{s} for {price}.|They
        charge {price} for the {goods}.|The {goods} came to {price}.|The {goods}? {price}, I think."""),
    "stock": more(
        asks="""{stocked}, how many?|how many {stocked} have we got|How many {stocked} have we got?|How many
        {stocked} do we still have?|How many {stocked} have we still got?|Stock of {stocked}?|Count of
        {stocked}?|How many {stocked} did somebody count?|How many {stocked} were counted?|How many {stocked} were
        there?|How many {stocked} are on the list?|How many {stocked} do you have down?|What's left of the
        {stocked}?|What number of {stocked} do we have?|How much is left of the {stocked}?|What's the number of
        {stocked}?|What's our stock of {stocked}?|Do you remember how many {stocked} are left?|How many {stocked}
        did they say we have?|Have we got {stocked}, and how many?|How many {stocked} can I take at most?|What did
        the count of {stocked} give?|We have how many {stocked}?""",
        clauses="""how many {stocked} there are|how many {stocked} remain|how many {stocked} are in stock|how many
        {stocked} were counted|how many {stocked} we still have|what the stock of {stocked} is|how many {stocked}
        have been counted| what number of {stocked} we have""",
        checks="""Is the number of {stocked} {key}?|Is the count of {stocked} {key}?|Is our stock of {stocked}
        {key}?|Is the number of {stocked} left {key}?|Did the count of {stocked} come to {key}?""",
        says="""There's {count} {stocked} in stock.|{count} {stocked}, that's what I counted.|I make it {count}
        {stocked}.| Still {count} {stocked} here.|I've got {count} {stocked} here.|Of the {stocked} there are
        {count} left.|The count of {stocked} is {count}."""),
    "length": more(
        asks="""{the}, how {extent}?|how {extent} is {the}|How {extent} was {the}?|What's the size of {the}?|What
        does {the} measure, do we know?|What did {the} measure?|How many metres or feet is {the}?|What measurement
        does {the} have?|What is the measurement of {the}?|Measurement of {the}?|Do you remember how {extent}
        {the} is?|Do you remember the size of {the}?|How {extent} did they say {the} is?|How {extent} would {the}
        be?|Just how {extent} is {the}?|{the} is how {extent}?|How {extent} exactly is {the}?|What was the
        measurement of {the}?""",
        clauses="""how {extent} {the} was|what size {the} is|how large {the} is|what the measurement of {the}
        is|how {extent} exactly {the} is|what was measured for {the}|what {the} measured""",
        checks="""Does {the} measure {key}?|Is the measurement of {the} {key}?|Did {the} measure {key}?|Did they
        measure {the} at {key}?|Is {the} really {key}?""",
        says="""The {measured}, {length} {extent}.|The {measured} measures {length}, that's how {extent} it is.|I
        make the {measured} {length} {extent}.|We need to know that the {measured} is {length} {extent}."""),
    "weight": more(
        asks="""{the}, how heavy?|how heavy is {the}|Weight of {the}?|What's the weight of {the}?|What weight is
        {the}?|What weight does {the} have?|How heavy was {the}?|What did {the} weigh?|How much did {the}
        weigh?|What do the scales say for {the}?|What did the scales show for {the}?|Do you remember how heavy
        {the} is?|How heavy did they say {the} is?|{the} weighs how much?|What does the label on {the} say it
        weighs?|How heavy would {the} be?|I have to carry {the}, how heavy is it?|What was the weight of {the}?""",
        clauses="""how much {the} weighs|what the weight of {the} is|what weight {the} has|how heavy {the}
        was|what {the} weighed|what the scales said for {the}""",
        checks="""{the} weighs {key}, right?|Is the weight of {the} {key}?|Did {the} weigh {key}?|Is {the} {key}
        heavy?|Does the label say {the} weighs {key}?|So {the} weighs {key}?""",
        says="""The {heavy} is {weight}.|The scales say {weight} for the {heavy}.|The weight of the {heavy} is
        {weight}.|The {heavy} comes to {weight}.|That {heavy} weighs {weight}, believe it or not."""),
    "plate": more(
        asks="""{person}'s number plate?|{person}'s plate?|{the}?|Plate of {person}'s car?|what's {person}'s
        number plate| What's the plate on {person}'s car?|What is on {person}'s number plate?|What's the
        registration of {person}'s car?| What's {person}'s registration number?|What's {person}'s license
        plate?|Which plate has {person}'s car got?|Which plate do I look for if I look for {person}'s car?|Do you
        remember {the}?|What was {the} again?|Can you give me {the}?| I need {the}.|Security wants {the}.|What
        number plate does {person} have?|What does {the} say?|Which registration did {person} give?""",
        clauses="""what plate {person}'s car has|what {person}'s number plate is|what is on {person}'s number
        plate|what the registration of {person}'s car is|which number plate {person} has|what {the} says""",
        checks="""Does {person}'s car have the plate {key}?|{the} is {key}, right?|Is the plate of {person}'s car
        {key}?|Does {person} drive the car with the plate {key}?|Was {the} {key}?|Is the car with the plate {key}
        the one of {person}?""",
        says="""{person}'s number plate is {plate}.|{person}'s car has the plate {plate}.|{person}'s plate?
        {plate}.|Look for {person}'s car, the plate is {plate}.|The registration of {person}'s car is {plate}.""",
        mine="""My plate is {plate}.|Mine is the car with the plate {plate}.|My number plate? {plate}.|The
        registration of my car is {plate}."""),
    "parking": more(
        asks="""{person}'s car?|{person}'s car, where?|where's {person}'s car|Where's {person} parked?|Where has
        {person} parked?|Where is {person} parked?|Where has {person} left the car?|Where did {person} put the
        car?|Where do I find {person}'s car?|Where does {person} park?|In which spot is {person}'s car?|Do you
        remember where {person} parked?|Where was {person}'s car again?|Whereabouts is {person}'s car?|Where did
        they say {person}'s car is?|Where should I look for {person}'s car?|{person}'s car is where?|I have to
        fetch {person}'s car, where is it?""",
        clauses="""where {person}'s car is parked|where {person} left the car|where {person} has parked|where
        {person}'s car stands|where to find {person}'s car|where {person} put the car""",
        checks="""{person} parked {key}, right?|Has {person} parked {key}?|Did {person} leave the car {key}?|Is
        {person} parked {key}?|Is {person}'s car parked {key}?|Do I find {person}'s car {key}?""",
        says="""{person} is parked {parking}.|{person}'s car? Parked {parking}.|You'll find {person}'s car
        {parking}.|{person} has put the car {parking}.""",
        mine="""My car? It's {parking}.|I've left the car {parking}.|You'll find my car {parking}."""),
    "shelf": more(
        asks="""{the}, where?|where do we keep {the}|Where do you keep {the}?|Where do they keep {the}?|Which
        aisle {be} {the} in?|Which shelf {be} {the} on?|What aisle for {the}?|Where in the store {be} {the}?|Where
        have we got {the}?|Where do I send a customer for {the}?|Where can customers find {the}?|Where can I find
        {the} in the shop?|Do you remember where we keep {the}?|Where {was} {the} moved to?|Where {have} {the}
        been put in the shop?|Whereabouts {be} {the}?|Someone wants {the}, where do I look?|{the} {be} where in
        the shop?|Where {be} {the} stored?|Where {be} {the} on display?""",
        clauses="""where to find {the}|where they keep {the}|where {the} {be} kept|in which aisle {the} {be}|on
        which shelf {the} {be}|where in the shop {the} {be}|where {the} {be} stored""",
        checks="""Do we keep {the} {key}?|{the} {be} {key}, right?|{Be} {the} kept {key}?|Can customers find {the}
        {key}?|Do I find {the} {key}?""",
        says="""The {goods} {be} kept {shelf}.|For the {goods} look {shelf}.|The {goods}, {they} {be} {shelf}.|I
        put the {goods} {shelf}.|Send them to the {goods}, {shelf}."""),
    "expires": more(
        asks="""{the}, use by when?|when {do} {the} go off|When {do} {the} go off?|When {do} {the} run out of
        date?|What date is on {the}?|What's the date on {the}?|What does it say on {the}?|What's the use-by date
        of {the}?|Use-by date of {the}?| Best before date of {the}?|Until what date can we use {the}?|Till when
        {be} {the} good?|By what date must {the} be used?|How long {be} {the} good for?|How long can we keep
        {the}?|Do you remember the date on {the}?|What was the date on {the}?|When {have} {the} got to be used by?""",
        clauses="""until when {the} {be} good|what the date on {the} is|by when {the} must be used|when {the}
        go{s} off|what the use-by date of {the} is|until what date we can use {the}""",
        checks="""Must {the} be used by {key}?|{Be} {the} good until {key}?|Is the date on {the} {key}?|Will {the}
        keep until {key}?|Is the best-before date of {the} {key}?""",
        says="""The {grocery} {be} good until {date}.|The date on the {grocery} is {date}.|The {grocery} should be
        used by {date}.|Use up the {grocery} by {date}."""),
    "run out": more(
        asks="""any {grocery} left|Any {grocery} left?|{grocery}, do we have some?|Do we have any {grocery}?|Have
        we any {grocery} left?|{Be} there any {grocery}?|{Be} there still {grocery}?|{Be} any {grocery} left?|Did
        we run out of {grocery}?|Have we run out of {grocery}?|{Have} {the} run out?|{Be} the {grocery} all
        gone?|Could I get some {grocery}?|How are we off for {grocery}?|Do I have to buy {grocery}?|What did they
        say about the {grocery}?|What was it about the {grocery}?|Do we need more {grocery}?|Got any {grocery}?""",
        clauses="""whether we have any {grocery}|whether we are out of {grocery}|whether the {grocery} {have} run
        out|whether any {grocery} {be} left|whether we have run out of {grocery}|whether there {be} still
        {grocery}""",
        says="""No more {grocery}, I'm sorry, the {grocery} {have} run out.|The {grocery} {have} run out again.|I
        must tell you, the {grocery} {have} run out."""),
}  # fmt: skip
"""More wordings by the name of the sort of claim."""
