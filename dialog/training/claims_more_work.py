"""More ways to speak of shopping, decisions, opening hours, orders, recipes and settings, and to ask for them."""

from __future__ import annotations

from collections.abc import Mapping

from dialog.training.claims_widen import More, more

MORE: Mapping[str, More] = {
    "shopping": more(
        asks="""Shopping list?|the shopping list, please|what's on the shopping list|What's on the shopping
        list?|What do I need to buy?|What do I have to buy?|What have we got to buy?|What have I got to get?|What
        do we need?|What are we out of, what must I buy?|What should I get from the shop?|What should I get at the
        shop?|What do I bring from the supermarket?|What groceries do we need?|What groceries should I get?|I'm
        going shopping, what do we need?|I'm at the supermarket, what do I need?|Anything to buy?|Which things are
        on the shopping list?|What was on the shopping list again?|Do you remember what we need to buy?|What did
        they ask me to buy?|What was I supposed to buy?|What did someone put on the shopping list?|What's to be
        bought?|What needs buying?""",
        clauses="""what I should buy|what we need to buy|what groceries we need|what I have to get at the
        supermarket|what was on the shopping list|what needs buying|what to get from the shop|what to bring from
        the supermarket|what somebody put on the shopping list""",
        says="""We're out of {groceries}, please buy some.|Someone has to get {groceries}.|On the shopping list
        there's {groceries}.|Get {groceries} on your way home.|Oh, and we need {groceries}.|Bring {groceries} from
        the shop."""),
    "decision": more(
        asks="""The decision?|what did they decide|What's the decision?|What have they decided?|What has been
        decided?|What have we decided to do?|What did we decide?|What did we agree to do?|What was agreed?|What
        was agreed on?|What was settled?|What's the plan then?|So what's the plan?|What are they going to do?|What
        did they decide to do?|Do you remember what was decided?|What was the decision?|What came out of the
        talk?|How did they decide?|What was the result of the talk?|Which decision was made?|What decision did
        they make?|What decision has been taken?""",
        clauses="""what they decided|what has been decided|what the decision is|what was agreed|what they decided
        to do|which decision was made|what we agreed to do|what came out of the talk""",
        checks="""Is the plan to {key}?|Was it decided to {key}?|Did they agree to {key}?|Have they decided to
        {key}?|The plan is to {key}, right?|Did we decide to {key}?""",
        says="""So we agreed to {planned}.|They've decided to {planned}.|Decision made, we're going to
        {planned}.|Everybody wants to {planned}, so it's decided."""),
    "weather": more(
        asks="""Weather {weekday}?|what's the weather {weekday}|What's the weather going to be {weekday}?|What's
        the forecast {weekday}?|What will the weather be {weekday}?|What's the weather like {weekday}?|What
        weather is forecast {weekday}?|What weather did they forecast {weekday}?|What weather can we expect
        {weekday}?|Forecast {weekday}?|How's the weather {weekday}?|How will it be outside {weekday}?|What does
        the forecast say, how is it {weekday}?|Do you remember the forecast {weekday}?|What was the forecast
        {weekday}?|What did they say about the weather {weekday}?|What sort of weather do we get {weekday}?|What
        kind of weather will there be {weekday}?""",
        clauses="""what the forecast {weekday} is|what weather we get {weekday}|how the weather is {weekday}|what
        they forecast {weekday}|what weather to expect {weekday}|what the weather is going to be {weekday}""",
        checks="""Will the weather {weekday} be {key}?|Is the weather {weekday} {key}?|Will it be {key}
        {weekday}?|Is it going to be {key} {weekday}?|Did they forecast {key} weather {weekday}?|Do we get {key}
        weather {weekday}?""",
        says="""{weekday} it's going to be {weather}.|The weather's going to be {weather} {weekday}.|The weather
        {weekday}? It'll be {weather}.|We get {weather} weather {weekday}."""),
    "score": more(
        asks="""Score of {team}?|Result of {team}?|how did {team} do|How did {team} do?|What was the score of
        {team}?|What was the final score of {team}?|What's the score in the match of {team}?|What's the result of
        {team}?|How did it end for {team}?|How did the {team} match end?|What did the match of {team} end?|What
        was the result in the match of {team}?|What score did {team} get?|Do you remember how {team} played?|What
        was the score again for {team}?|How many goals in the match of {team}?|Did they say how {team} played?|How
        did the game of {team} go?""",
        clauses="""what the score in the match of {team} was|how {team} played|what the result of {team} was|how
        it ended for {team}|which score {team} got|what the final score of {team} was""",
        checks="""Did the match of {team} end {key}?|Was the final score in the match of {team} {key}?|The match
        of {team} ended {key}, right?|Was it {key} in the match of {team}?|Was the result of {team} {key}?""",
        says="""The score in the match of {team} was {score}.|In the match of {team} it ended {score}.|The result
        of {team}? It was {score}.|I watched the match of {team}, it ended {score}."""),
    "plant": more(
        asks="""{the}, how often?|how often do I water {the}|Water for {the}, how often?|How often do I have to
        water {the}?|How often must {the} be watered?|How often {do} {the} get water?|How often {be} {the}
        watered?|When should I water {the}?|When must I water {the}?|When {do} {the} need water?|When {do} {the}
        want water?|How regularly {do} {the} need water?|How many times do I water {the}?|How often do we water
        {the}?|Do you remember how often {the} need{s} water?|How often was it that {the} need{s} water?|How often
        did they say to water {the}?|Watering of {the}?""",
        clauses="""how often to water {the}|how often {the} must be watered|when {the} need{s} water|how often
        {the} get{s} water|how often I should water {the}|how regularly {the} need{s} water""",
        checks="""Should I water {the} {key}?|{Do} {the} get water {key}?|Must {the} be watered {key}?|Do I water
        {the} {key}?|{the} need{s} water {key}, right?|Did they say to water {the} {key}?""",
        says="""The {plant} get{s} water {often}.|The {plant} want{s} to be watered {often}.|I water the {plant}
        {often}.|Don't forget the {plant}, water {often}."""),
    "feeding": more(
        asks="""{the}, how much food?|what do I feed {the}|What food does {the} get?|What is {the} fed?|What's
        {the} given to eat?|How much does {the} get?|How much does {the} eat?|How much and how often does {the}
        get food?|How often do I feed {the}?|How often does {the} get food?|What do I give {the} to eat?|How do we
        feed {the}?|What portion does {the} get?|Do you remember what {the} gets to eat?|What does {the} get, and
        how often?|I'm looking after {the}, how do I feed it?|When and how much does {the} eat?|Feeding of {the}?""",
        clauses="""what {the} is fed|how much {the} gets to eat|how often {the} is fed|what to feed {the}|how much
        food {the} gets|what I give {the} to eat""",
        checks="""Does {the} get {key}?|Is {the} fed {key}?|Do I give {the} {key}?|{the} gets {key}, right?|Should
        I feed {the} {key}?""",
        says="""{person}'s {pet} needs {portion} {often}.|Feed {person}'s {pet} {portion} {often}.|{person} gives
        the {pet} {portion} {often}, I mean {person}'s {pet}.""",
        mine="""My {pet} eats {portion} {often}.|Please feed my {pet} {portion} {often}."""),
    "setting": more(
        asks="""{the}, what setting?|what do I set {the} to|Setting of {the}?|What's the setting of {the}?|What is
        the setting for {the}?|What's {the} set to?|What is {the} set to?|What should {the} be set to?|What do I
        set {the} to?|What do I turn {the} to?|To what should I turn {the}?|At what should {the} be?|What must
        {the} be at?|How do I set {the}?|What setting for {the}?|Which setting do I need for {the}?|Do you
        remember the setting of {the}?|What was the setting of {the} again?|What did they say {the} must be set
        to?|{the} must be set to what?""",
        clauses="""what {the} should be set to|what setting {the} needs|what to set {the} to|what {the} is set
        to|at what setting {the} is|how to set {the}""",
        checks="""Must {the} be set to {key}?|Is {the} set to {key}?|Do I set {the} to {key}?|Do I turn {the} to
        {key}?|{the} must be set to {key}, right?|Should {the} be at {key}?""",
        says="""The {appliance} goes to {setting}.|The {appliance}, that's {setting}.|Put the {appliance} on
        {setting}.|The {appliance} needs to be at {setting}.|For the {appliance} it's {setting}."""),
    "work order": more(
        asks="""{cargo} {number}, where to?|where does {cargo} {number} go|Where do I put {cargo} {number}?|Where
        do I move {cargo} {number}?|Where should {cargo} {number} go?|Where do we need {cargo} {number}?|Where is
        {cargo} {number} going?|Where must {cargo} {number} go?|Where have I got to take {cargo}
        {number}?|Destination of {cargo} {number}?|To where do I bring {cargo} {number}?|What's the destination of
        {cargo} {number}?|Do you remember where {cargo} {number} goes?|Where was {cargo} {number} supposed to
        go?|Where did they want {cargo} {number}?|{cargo} {number} goes where?|Where is {cargo} {number}
        wanted?|Which place is {cargo} {number} for?""",
        clauses="""where {cargo} {number} belongs|where to take {cargo} {number}|where they want {cargo}
        {number}|where I should bring {cargo} {number}|where {cargo} {number} has to go|what the destination of
        {cargo} {number} is""",
        checks="""Should {cargo} {number} go to {key}?|Do I bring {cargo} {number} to {key}?|{cargo} {number} goes
        to {key}, right?|Is {cargo} {number} for {key}?|Do they want {cargo} {number} at {key}?|Does {cargo}
        {number} belong at {key}?""",
        says="""{cargo} {number}, that's for {dock}.|{cargo} {number} belongs at {dock}.|They want {cargo}
        {number} at {dock}.|{cargo} {number} has to go to {dock}.|Someone take {cargo} {number} over to {dock}."""),
    "opens": more(
        asks="""{the}, opening when?|when does {the} open|Opening time of {the}?|When's {the} open?|When is {the}
        open from?|What time do they open {the}?|What time can I go to {the}?|From what time is {the} open?|How
        early does {the} open?|When will {the} open?|When do the doors of {the} open?|What's the opening time of
        {the}?|When is {the} going to open?|Do you remember when {the} opens?|When was it that {the} opens?|{the}
        opens when?|When can one get into {the}?""",
        clauses="""from when {the} is open|when I can go to {the}|when they open {the}|at what time {the}
        opens|how early {the} opens|what the opening time of {the} is""",
        checks="""Do they open {the} {key}?|{the} opens {key}, right?|Will {the} open {key}?|Can I get into {the}
        {key}?|Is the opening of {the} {key}?""",
        says="""The {shop} opens up {time}.|The {shop} will open {time}.|The {shop}? Opens {time}.|You can go to
        the {shop}, it opens {time}."""),
    "closes": more(
        asks="""{the}, closing when?|when does {the} close|Closing time of {the}?|When's {the} closing?|When is
        {the} closing?|What time does {the} shut?|What time do they close {the}?|When do they close {the}?|When do
        they shut {the}?|Till when is {the} open?|Until what time is {the} open?|Up to when can I go to
        {the}?|When will {the} close?|How late is {the} open?|What's the closing time of {the}?|Do you remember
        when {the} closes?|{the} closes when?|By when must I be at {the} before it shuts?""",
        clauses="""until when {the} is open|when they close {the}|what time {the} closes|when {the} shuts|how late
        {the} is open|what the closing time of {the} is""",
        checks="""Do they close {the} {key}?|{the} closes {key}, right?|Will {the} close {key}?|Does {the} shut
        {key}?|Is {the} closing {key}?""",
        says="""The {shop} will close {time}.|The {shop} is closing {time}.|The {shop}? Closes {time}.|Be quick,
        the {shop} shuts {time}."""),
    "recipe": more(
        asks="""{ingredient} for the {dish}, how much?|how much {ingredient} for the {dish}|How much {ingredient}
        for the {dish}?|What amount of {ingredient} for the {dish}?|What amount of {ingredient} does the {dish}
        need?|How much {ingredient} do we put into the {dish}?|How much {ingredient} must go into the {dish}?|How
        much {ingredient} do I put in the {dish}?|How much {ingredient} is in the {dish}?|How much {ingredient}
        does one need for the {dish}?|What quantity of {ingredient} goes into the {dish}?|Amount of {ingredient}
        in the {dish}?|For the {dish}, how much {ingredient}?|Do you remember how much {ingredient} the {dish}
        needs?|How much {ingredient} was it for the {dish}?|I'm making the {dish}, how much {ingredient}?|How much
        {ingredient} did they say for the {dish}?""",
        clauses="""how much {ingredient} I need for the {dish}|what amount of {ingredient} the {dish} needs|how
        much {ingredient} is in the {dish}|how much {ingredient} to add to the {dish}|how much {ingredient} to put
        into the {dish}|what quantity of {ingredient} the {dish} takes""",
        says="""The {dish} takes {amount} of {ingredient}.|In the {dish} there's {amount} of {ingredient}.|You put
        {amount} of {ingredient} in the {dish}.|For the {dish} it's {amount} of {ingredient}."""),
    "deadline": more(
        asks="""{the}, by when?|when's {the} due|When's {the} due?|Deadline for {the}?|When's the deadline for
        {the}?|When is the deadline for {the}?|What's the deadline for {the}?|When has {the} to be ready?|When
        does {the} have to be ready?|When does {the} have to be done?|By when must {the} be done?|By when do we
        need {the}?|When do they need {the}?|When do I have to hand in {the}?|When must I hand in {the}?|When do
        they expect {the}?|When do they want {the}?|What day is {the} due?|Till when have we got for {the}?|Do you
        remember when {the} is due?|When was {the} due again?|{the} is due when?|How long have I got for {the}?""",
        clauses="""when {the} must be ready|by when they want {the}|when we have to hand in {the}|what day {the}
        is due|until when there is time for {the}|when the deadline for {the} is|by when {the} must be done""",
        checks="""Is the deadline for {the} {key}?|{the} is due {key}, right?|Must {the} be ready {key}?|Do they
        want {the} {key}?|Do we have to hand in {the} {key}?|Was {the} due {key}?""",
        says="""The {document} must be done {day}.|The {document}'s due {day}.|The {document}, that's due
        {day}.|They expect the {document} {day}.|We need the {document} {day}, that's the deadline."""),
    "ready": more(
        asks="""{the}, ready when?|when's {the} ready|When's {the} ready?|When can {the} be picked up?|When can
        {person} come for the order?|When can {person} get the order?|When can {person} fetch the order?|What time
        will {the} be ready?|When is {the} going to be ready?|When does {the} get ready?|When should {person} come
        to pick up the order?|How long until {the} is ready?|Do you remember when {the} is ready?|When was {the}
        going to be ready?|{the} is ready when?|By when is {the} ready?""",
        clauses="""when {the} will be ready|when {the} can be picked up|what time {the} is ready|when {person} can
        get the order|when {person} can come for the order|how long {the} takes""",
        checks="""Is {the} ready {key}?|Will {the} be ready {key}?|{the} is ready {key}, right?|Can {person} pick
        up the order {key}?|Can {the} be picked up {key}?""",
        says="""{person}'s order will be ready {when}.|{person} can come for the order {when}.|For {person}, the
        order is ready {when}."""),
}  # fmt: skip
"""More wordings by the name of the sort of claim."""
