"""Sorts of claims about things: where they are, whose they are, what they cost and measure."""

from __future__ import annotations

from collections.abc import Sequence

from dialog.training.claim_sorts import Sort, sort

SORTS: Sequence[Sort] = (
    sort("where", "{thing}", "The {thing} {be} {spot}", "{spot}", group="place",
         says="The {thing} {be} {spot}.|I left the {thing} {spot}.|I put the {thing} {spot}.|"
              "You can find the {thing} {spot}.|I saw the {thing} {spot}.|You'll find the {thing} {spot}.|"
              "Somebody left the {thing} {spot}.|Your {thing} {be} {spot}.|I've put the {thing} {spot}.|"
              "The {thing} {be} lying {spot}.|If you need the {thing}, look {spot}.|I just saw the {thing} {spot}.",
         asks="Where {be} {the}?|Where did somebody leave {the}?|Where can I find {the}?|I am looking for {the}.|"
              "Where {be} {the} now?|Where did they put {the}?|I can't find {the}.|Where {was} {the} last seen?|"
              "Where should I look for {the}?|I need {the}, where {be} {they}?|Where's {the}?|"
              "{the}, where {be} {they}?|"
              "Where did you last hear {the} {was}?|Help me find {the}.|Where do I find {the}?|Seen {the} anywhere?|"
              "Has anybody seen {the}?|Does anyone know the whereabouts of {the}?|In which place {be} {the}?",
         clauses="where {the} {be}|where I can find {the}|where to look for {the}|where someone put {the}",
         checks="{Be} {the} {key}?|Did somebody say {the} {be} {key}?|{the} {be} {key}?|"
                "Is it true that {the} {be} {key}?"),
    sort("not where", "{thing}", "The {thing} {be} not {spot}", "not {spot}", group="place",
         says="The {thing} {be} not {spot}.|I looked, the {thing} {be} not {spot}.|No, the {thing} {be} not {spot}.|"
              "I checked twice, the {thing} {be} not {spot}.",
         asks="What is known about {the}?|Where {be} {the} not?|What did they say about {the}?|"
              "Where {be} {the} missing?|Which place has been ruled out for {the}?",
         clauses="where {the} {be} not|where there is no point in looking for {the}"),
    sort("holder", "{thing}", "{person} has the {thing}", "{person}", group="place",
         says="{person} has the {thing}.|{person} took the {thing}.|I gave the {thing} to {person}.|"
              "{person} borrowed the {thing}.|I lent the {thing} to {person}.|Ask {person} for the {thing}.|"
              "{person} is carrying the {thing}.|{person} picked up the {thing}.",
         mine="I have the {thing}.|I've got the {thing} with me.|I took the {thing}.|I am keeping the {thing}.",
         asks="Who has {the}?|Who's got {the}?|Who took {the}?|Who has {the} now?|With whom {be} {the}?|"
              "Whom do I ask for {the}?|Who borrowed {the}?|Who is holding {the}?|Who do I get {the} from?|"
              "Who walked off with {the}?|In whose hands {be} {the}?",
         clauses="who has {the}|who took {the}|who has got {the}",
         checks="{Be} {the} with {key}?|Did someone give {the} to {key}?"),
    sort("owner", "{thing}", "The {thing} belong{s} to {person}", "{person}",
         says="The {thing} belong{s} to {person}.|That {thing} belongs to {person}.|The {thing} {be} {person}'s.|"
              "{person} owns the {thing}.|I think {person} owns the {thing}.",
         mine="The {thing} {be} mine.|That's my {thing}.|The {thing} belong{s} to me.",
         asks="Whose {thing} {be} that?|Who owns {the}?|To whom {do} {the} belong?|Who {do} {the} belong to?|"
              "Whose {be} {the}?|Who is the owner of {the}?|Whose property {be} {the}?",
         clauses="whose {thing} {be}|who owns {the}|who {the} belong{s} to",
         checks="{Do} {the} belong to {key}?|Is the owner of {the} {key}?"),
    sort("lost", "{thing}", "{person} lost the {thing} {spot}", "{spot}", group="place",
         says="{person} lost the {thing} {spot}.|{person} dropped the {thing} {spot}.|"
              "{person} must have lost the {thing} {spot}.",
         mine="I lost my {thing} {spot}.|I think I lost the {thing} {spot}.|I must have dropped my {thing} {spot}.",
         asks="Where did somebody lose {the}?|Where {was} {the} lost?|Where did {the} get lost?|"
              "Where did {the} go missing?|"
              "Where {was} {the} dropped?",
         clauses="where {the} {was} lost|where {the} went missing",
         checks="Did somebody lose {the} {key}?"),
    sort("found", "{thing}", "{person} found the {thing} {spot}", "{spot}", group="place",
         says="{person} found the {thing} {spot}.|I hear {person} found the {thing} {spot}.|"
              "Good news, {person} found the {thing} {spot}.",
         mine="I found the {thing} {spot}.|I found somebody's {thing} {spot}.|Look what I found {spot}, the {thing}!|"
              "I've found your {thing} {spot}.",
         asks="Where {was} {the} found?|Where did {the} turn up?|Where did somebody find {the}?|"
              "Where did they find {the}?|"
              "Where {have} {the} been found?",
         clauses="where {the} {was} found|where {the} turned up",
         checks="Did somebody find {the} {key}?"),
    sort("broken", "{device}", "The {device} {broken}", "{broken}",
         says="The {device} {broken}.|Careful, the {device} {broken}.|The {device} {broken} again.|"
              "We have a problem, the {device} {broken}.|Someone should fix the {device}, it {broken}.|"
              "The {device} {broken} since this morning.|Can you have a look? The {device} {broken}.",
         asks="What is wrong with {the}?|What's the matter with {the}?|What is the problem with {the}?|"
              "Is anything wrong with {the}?|Is {the} working?|Is {the} all right?|What happened to {the}?|"
              "Does {the} work?|How is {the}?|What fault does {the} have?|What's up with {the}?|Can I use {the}?|"
              "Is {the} in order?|What ails {the}?",
         clauses="what is wrong with {the}|what the problem with {the} is|whether {the} works"),
    sort("colour", "{person}'s {owned}", "{person}'s {owned} is {colour}", "{colour}",
         says="{person}'s {owned} is {colour}.|{person} has a {colour} {owned}.|{person} bought a {colour} {owned}.|"
              "{person}'s new {owned} is {colour}.|The {colour} {owned} is {person}'s.",
         mine="My {owned} is {colour}.|I have a {colour} {owned}.|My new {owned} is {colour}.|"
              "Mine is the {colour} {owned}.",
         asks="What colour is {the}?|Which colour does {the} have?|Which colour is {the}?|What is the colour of {the}?|"
              "What color is {the}?|What does {the} look like?|How would I recognise {the}?|Of what colour is {the}?|"
              "Describe {the}.|In what shade is {the}?",
         clauses="what colour {the} is|which colour {the} has|what {the} looks like",
         checks="Is {the} {key}?|Did anyone say {the} is {key}?"),
    sort("code", "{coded}", "The {coded} is {code}", "{code}",
         says="The {coded} is {code}.|{code} is the {coded}.|The {coded} is now {code}.|The new {coded} is {code}.|"
              "For the {coded}, use {code}.|The {coded}? It's {code}.|Write down the {coded}, {code}.|"
              "We changed the {coded} to {code}.",
         asks="What is {the}?|Tell me {the}.|Do you remember {the}?|What's {the}?|I need {the}.|Give me {the}.|"
              "I forgot {the}.|Which number is {the}?|Can you repeat {the}?|{the}, please.|What was {the} again?|"
              "How does {the} go?|Say {the} again.|Remind me of {the}.|Could you look up {the}?",
         clauses="what {the} is|what {the} was|how {the} goes",
         checks="Is {the} {key}?"),
    sort("password", "wifi password", "The wifi password is {password}", "{password}",
         says="The wifi password is {password}.|The password for the wifi is {password}.|"
              "To get online, use the password {password}.|We changed the wifi password to {password}.|"
              "Type {password}, that's the wifi password.",
         asks="What is the wifi password?|How do I get online?|What's the password for the wifi?|"
              "I need the wifi password.|Which password does the wifi have?|Tell me the wifi password.|"
              "What do I type to get into the wifi?",
         clauses="what the wifi password is|how to get into the wifi",
         checks="Is the wifi password {key}?"),
    sort("price", "{goods}", "The {goods} cost{s} {price}", "{price}",
         says="The {goods} cost{s} {price}.|I paid {price} for the {goods}.|The {goods} {be} {price}.|"
              "They want {price} for the {goods}.|We sell the {goods} for {price}.|"
              "The price of the {goods} is {price}.|"
              "The {goods} {be} on sale for {price}.",
         asks="How much {be} {the}?|What {do} {the} cost?|How much {do} {the} cost?|What is the price of {the}?|"
              "How expensive {be} {the}?|What do they charge for {the}?|What do we sell {the} for?|Price of {the}?|"
              "How much money for {the}?|What must I pay for {the}?",
         clauses="how much {the} cost{s}|what {the} cost{s}|what the price of {the} is",
         checks="{Do} {the} cost {key}?|Is the price of {the} {key}?"),
    sort("stock", "{stocked}", "There are {count} {stocked} left", "{count}",
         says="We have {count} {stocked} left.|There are {count} {stocked} left.|I counted {count} {stocked}.|"
              "{count} {stocked} are in stock.|We are down to {count} {stocked}.|Only {count} {stocked} remain.|"
              "The list says {count} {stocked}.",
         asks="How many {stocked} are left?|How many {stocked} do we have?|What is the stock of {stocked}?|"
              "How many {stocked} are there?|How many {stocked} remain?|Number of {stocked}?|"
              "How many {stocked} are in stock?|What's the count of {stocked}?",
         clauses="how many {stocked} are left|how many {stocked} we have"),
    sort("length", "{measured}", "The {measured} is {length} {extent}", "{length}",
         says="The {measured} is {length} {extent}.|I measured it, the {measured} is {length} {extent}.|"
              "It says here that the {measured} is {length} {extent}.",
         asks="How {extent} is {the}?|What does {the} measure?|How big is {the}?|What are the dimensions of {the}?|"
              "What size is {the}?|How large is {the}?",
         clauses="how {extent} {the} is|how big {the} is|what {the} measures"),
    sort("weight", "{heavy}", "The {heavy} weighs {weight}", "{weight}",
         says="The {heavy} weighs {weight}.|I put the {heavy} on the scales, {weight}.|The {heavy} has {weight}.|"
              "According to the label the {heavy} weighs {weight}.",
         asks="How heavy is {the}?|What does {the} weigh?|How much does {the} weigh?|What is the weight of {the}?|"
              "How many kilos does {the} have?|Is {the} heavy?",
         clauses="how heavy {the} is|what {the} weighs", checks="Does {the} weigh {key}?"),
    sort("plate", "{person}'s licence plate", "{person}'s licence plate is {plate}", "{plate}",
         says="{person}'s licence plate is {plate}.|{person} drives the car with the plate {plate}.|"
              "The plate of {person}'s car is {plate}.",
         mine="My licence plate is {plate}.|My car has the plate {plate}.|The number plate of my car is {plate}.",
         asks="What is {the}?|Which plate does {person}'s car have?|What's the number plate of {person}'s car?|"
              "What is the licence number of {person}'s car?|Read me {the}.|How do I find {person}'s car by its plate?",
         clauses="what {the} is|which plate {person}'s car has", checks="Is {the} {key}?"),
    sort("parking", "{person}'s car", "{person}'s car is parked {parking}", "{parking}",
         says="{person}'s car is parked {parking}.|{person} parked {parking}.|{person} left the car {parking}.|"
              "{person}'s car is {parking}.",
         mine="I parked {parking}.|My car is {parking}.|I left my car {parking}.|I'm parked {parking}.",
         asks="Where is {person}'s car?|Where did {person} park?|Where is {person}'s car parked?|"
              "Where did {person} leave the car?|Where can I find {person}'s car?|Where does {person}'s car stand?",
         clauses="where {person} parked|where {person}'s car is",
         checks="Did {person} park {key}?|Is {person}'s car {key}?"),
    sort("shelf", "{goods}", "The {goods} {be} {shelf}", "{shelf}",
         says="The {goods} {be} {shelf}.|You'll find the {goods} {shelf}.|We keep the {goods} {shelf}.|"
              "Customers always ask, but the {goods} {be} {shelf}.|I moved the {goods}, now {they} {be} {shelf}.",
         asks="Where {be} {the}?|Where do we keep {the}?|Where do I find {the}?|In which aisle {be} {the}?|"
              "On which shelf {be} {the}?|A customer asks for {the}, where {be} {they}?|Where {be} {the} kept?|"
              "Where in the shop {be} {the}?",
         clauses="where {the} {be}|where we keep {the}", checks="{Be} {the} {key}?"),
    sort("expires", "{grocery}", "The {grocery} must be used by {date}", "{date}",
         says="The {grocery} must be used by {date}.|The {grocery} will keep until {date}.|"
              "It says {date} on the {grocery}.|Use the {grocery} before {date}.",
         asks="When {do} {the} expire?|How long will {the} keep?|What is the date on {the}?|"
              "By when must {the} be used?|Until when {be} {the} good?|What's the best-before date of {the}?",
         clauses="when {the} expire{s}|how long {the} will keep"),
    sort("run out", "{grocery}", "The {grocery} {have} run out", "run out",
         says="The {grocery} {have} run out.|I'm afraid the {grocery} {have} run out.|"
              "Bad news, the {grocery} {have} run out.|When I looked, the {grocery} had run out.",
         asks="Do we still have {grocery}?|Is there any {grocery} left?|What about {the}?|How much {grocery} is left?|"
              "Are we out of {grocery}?|Can I have some {grocery}?|Have we got {grocery}?",
         clauses="whether there is {grocery} left|whether we still have {grocery}"),
)  # fmt: skip
