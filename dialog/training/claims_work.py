"""Sorts of claims about plans, travel, work and the house."""

from __future__ import annotations

from collections.abc import Sequence

from dialog.training.claim_sorts import Sort, sort

SORTS: Sequence[Sort] = (
    sort("when", "{appointment}", "The {appointment} is {when}", "{when}", group="when",
         says="The {appointment} is {when}.|The {appointment} starts {when}.|We have the {appointment} {when}.|"
              "The {appointment} was moved, it is {when} now.|Don't be late, the {appointment} is {when}.|"
              "The {appointment} takes place {when}.|Put the {appointment} down {when}.|"
              "They scheduled the {appointment} {when}.|The {appointment} begins {when}, so hurry.",
         asks="When is {the}?|Do you know when {the} is?|What time is {the}?|When does {the} start?|"
              "When does {the} begin?|When do we have {the}?|When will {the} be?|For when is {the} planned?|"
              "At what time is {the}?|When does {the} take place?|What was the time of {the}?|"
              "When must I be at {the}?|Which day is {the}?|When's {the}?|How soon is {the}?|When is {the} scheduled?",
         clauses="when {the} is|when {the} starts|what time {the} is|when {the} takes place",
         checks="Is {the} {key}?|Does {the} start {key}?|Did they say {the} is {key}?"),
    sort("cancelled", "{appointment}", "The {appointment} is cancelled", "cancelled", group="when",
         says="The {appointment} is cancelled.|They cancelled the {appointment}.|The {appointment} has been cancelled.|"
              "Sorry, the {appointment} is cancelled today.|Bad news, the {appointment} got cancelled.",
         asks="Is {the} cancelled?|What happened to {the}?|Does {the} take place?|Is {the} still on?|"
              "When is {the}?|Is there any change to {the}?|Will {the} happen?|Is {the} off?",
         clauses="whether {the} takes place|what happened to {the}"),
    sort("venue", "{appointment}", "The {appointment} is {roomno}", "{roomno}",
         says="The {appointment} is {roomno}.|The {appointment} takes place {roomno}.|"
              "Come to the {appointment} {roomno}.|"
              "We moved the {appointment}, it's {roomno}.|The {appointment} will be held {roomno}.",
         asks="Where is {the}?|Which room is {the} in?|Where does {the} take place?|Where will {the} be?|"
              "In which room is {the}?|Where do I have to go for {the}?|Where is {the} held?|"
              "What is the venue of {the}?",
         clauses="where {the} is|where {the} takes place|which room {the} is in",
         checks="Is {the} {key}?|Does {the} take place {key}?"),
    sort("subject", "{appointment}", "The {appointment} is about {subject}", "{subject}",
         says="The {appointment} is about {subject}.|In the {appointment} we talk about {subject}.|"
              "The topic of the {appointment} is {subject}.|At the {appointment} it's all about {subject}.",
         asks="What is {the} about?|What is the topic of {the}?|What will be discussed at {the}?|"
              "What do they talk about in {the}?|Which subject does {the} have?|Why is there {the}?",
         clauses="what {the} is about|what the topic of {the} is", checks="Is {the} about {key}?"),
    sort("platform", "train to {city}", "The train to {city} leaves from platform {platform}", "platform {platform}",
         says="The train to {city} leaves from platform {platform}.|For {city}, go to platform {platform}.|"
              "Platform {platform} is for the train to {city}.|The train to {city} is on platform {platform} today.",
         asks="From which platform does {the} leave?|Which platform for {city}?|Where does {the} leave?|"
              "What platform does {the} go from?|Where do I catch {the}?|At which platform is {the}?|"
              "Which track does {the} use?",
         clauses="from which platform {the} leaves|where {the} leaves", checks="Does {the} leave from {key}?"),
    sort("train", "train to {city}", "The train to {city} leaves {time}", "{time}",
         says="The train to {city} leaves {time}.|The train to {city} goes {time}.|{city}? That train leaves {time}.|"
              "We take the train to {city} {time}.",
         asks="When does {the} leave?|What time is {the}?|When is {the}?|When does {the} go?|"
              "When do we leave for {city}?|"
              "At what time does {the} depart?",
         clauses="when {the} leaves|what time {the} goes", checks="Does {the} leave {key}?"),
    sort("delay", "train to {city}", "The train to {city} is {number} minutes late", "{number} minutes",
         says="The train to {city} is {number} minutes late.|They say the train to {city} has {number} minutes delay.|"
              "The train to {city} will be {number} minutes late.",
         asks="How late is {the}?|Is {the} on time?|Is {the} delayed?|How many minutes late is {the}?|"
              "What delay does {the} have?|How much of a delay is there for {the}?",
         clauses="how late {the} is|whether {the} is on time"),
    sort("flight", "flight {flight}", "Flight {flight} lands {time}", "{time}",
         says="Flight {flight} lands {time}.|Flight {flight} is expected {time}.|Flight {flight} comes in {time}.|"
              "The plane lands {time}, flight {flight}.",
         asks="When does {the} land?|When does {the} arrive?|What time does {the} land?|When is {the} expected?|"
              "At what time does {the} come in?|When is {the} due?",
         clauses="when {the} lands|when {the} arrives", checks="Does {the} land {key}?"),
    sort("gate", "flight {flight}", "Flight {flight} leaves from gate {gate}", "gate {gate}",
         says="Flight {flight} leaves from gate {gate}.|Gate {gate} for flight {flight}.|"
              "Flight {flight} boards at gate {gate}.|"
              "The gate has changed, flight {flight} is at gate {gate}.",
         asks="From which gate does {the} leave?|Which gate is {the} at?|What is the gate of {the}?|"
              "Where does {the} board?|"
              "What gate do I need for {the}?",
         clauses="from which gate {the} leaves|where {the} boards", checks="Does {the} leave from {key}?"),
    sort("own flight", "{person}'s flight", "{person}'s flight leaves {when}", "{when}",
         says="{person}'s flight leaves {when}.|{person} flies {when}.|{person} has a flight {when}.",
         mine="My flight leaves {when}.|My plane goes {when}.|I fly {when}.|I have to catch a flight {when}.",
         asks="When does {the} leave?|When is {the}?|When does {person} fly?|What time is {the}?|"
              "When does {person}'s plane leave?|At what time does {person} take off?",
         clauses="when {the} leaves|when {person} flies", checks="Does {the} leave {key}?"),
    sort("trip", "{person}'s trip", "{person} is going to {city}", "{city}",
         says="{person} is going to {city}.|{person} is travelling to {city}.|{person} flies to {city} soon.|"
              "{person} drives to {city}.|{person} booked a trip to {city}.",
         mine="I am going to {city}.|I'm travelling to {city}.|I have booked a trip to {city}.|I drive to {city}.",
         asks="Where is {person} going?|Where is {person} travelling to?|Where does {person} go?|"
              "Which city is {person} going to?|What is {person}'s destination?|Where is {person}'s trip headed?",
         clauses="where {person} is going|which city {person} travels to", checks="Is {person} going to {key}?"),
    sort("delivery", "delivery from {company}", "The delivery from {company} comes {when}", "{when}",
         says="The delivery from {company} comes {when}.|The delivery from {company} will arrive {when}.|"
              "They said that the delivery from {company} comes {when}.|Expect the delivery from {company} {when}.",
         asks="When does {the} come?|When will {the} arrive?|When is {the} expected?|When can we expect {the}?|"
              "What time is {the}?|When is {the} due?",
         clauses="when {the} comes|when {the} will arrive", checks="Does {the} come {key}?"),
    sort("visitor", "{visitor}", "The {visitor} is coming {when}", "{when}",
         says="The {visitor} is coming {when}.|The {visitor} will be here {when}.|"
              "The {visitor} called and will come {when}.|"
              "We expect the {visitor} {when}.|I ordered the {visitor}, arriving {when}.|"
              "Let the {visitor} in, that's {when}.",
         asks="When is {the} coming?|When does {the} come?|When will {the} be here?|When do we expect {the}?|"
              "When does {the} arrive?|What time is {the} coming?|When can I expect {the}?|How soon will {the} come?",
         clauses="when {the} is coming|when {the} will be here|when to expect {the}",
         checks="Is {the} coming {key}?|Will {the} be here {key}?"),
    sort("shopping", "shopping list", "The shopping list says {groceries}", "{groceries}",
         says="Please buy {groceries}.|We need {groceries}.|Put {groceries} on the shopping list.|"
              "Can you get {groceries}?|The shopping list says {groceries}.|Don't forget to buy {groceries}.",
         asks="What is on the shopping list?|What should I buy?|What do we need to buy?|What do we need from the shop?|"
              "What do I have to get at the supermarket?|Which groceries do we need?|Read me the shopping list.|"
              "What shopping is there to do?",
         clauses="what to buy|what is on the shopping list|what we need from the shop"),
    sort("decision", "decision", "The decision is to {planned}", "{planned}",
         says="We decided to {planned}.|It's decided, we will {planned}.|The decision is to {planned}.|"
              "After a long talk we agreed to {planned}.|The plan is to {planned}.",
         asks="What was decided?|What did they decide?|What is the decision?|What did they agree on?|What is the plan?|"
              "What was the outcome of the talk?|What have they settled on?",
         clauses="what was decided|what they agreed on|what the plan is", checks="Did they decide to {key}?"),
    sort("weather", "weather {weekday}", "The weather {weekday} will be {weather}", "{weather}",
         says="The weather {weekday} will be {weather}.|It will be {weather} {weekday}.|"
              "They say it'll be {weather} {weekday}.|"
              "The forecast {weekday} is {weather}.",
         asks="What will the weather be like {weekday}?|How will the weather be {weekday}?|"
              "What is the forecast {weekday}?|"
              "What weather do we get {weekday}?|What did they forecast {weekday}?",
         clauses="what the weather will be like {weekday}|how the weather will be {weekday}",
         checks="Is the forecast {weekday} {key}?"),
    sort("score", "match of {team}", "In the match of {team} the score was {score}", "{score}",
         says="The match of {team} ended {score}.|It was {score} in the match of {team}.|"
              "Did you hear? The match of {team}, {score}!|{score} was the final score in the match of {team}.",
         asks="How did the match of {team} end?|What was the score in the match of {team}?|How did {team} play?|"
              "What was the result of {team}?|Which score did {team} get?",
         clauses="how the match of {team} ended|what the score of {team} was", checks="Was the score of {team} {key}?"),
    sort("plant", "{plant}", "The {plant} need{s} water {often}", "{often}",
         says="The {plant} need{s} water {often}.|Please water the {plant} {often}.|Give the {plant} water {often}.|"
              "Watering the {plant} {often} is enough.",
         asks="How often {do} {the} need water?|How often should I water {the}?|When do I water {the}?|"
              "How do I look after {the}?|When {do} {the} get water?",
         clauses="how often {the} need{s} water|when to water {the}", checks="{Do} {the} need water {key}?"),
    sort("feeding", "{person}'s {pet}", "{person}'s {pet} gets {portion} {often}", "{portion} {often}",
         says="{person}'s {pet} gets {portion} {often}.|Give {person}'s {pet} {portion} {often}.|"
              "{person}'s {pet} is fed {portion} {often}.",
         mine="My {pet} gets {portion} {often}.|Give my {pet} {portion} {often}.",
         asks="What does {the} get to eat?|How much food does {the} get?|How often is {the} fed?|What do I feed {the}?|"
              "How do I feed {the}?",
         clauses="what {the} gets to eat|how to feed {the}"),
    sort("setting", "{appliance}", "The {appliance} must be set to {setting}", "{setting}",
         says="The {appliance} must be set to {setting}.|Set the {appliance} to {setting}.|"
              "Please turn the {appliance} to {setting}.|The {appliance} should be at {setting}.|"
              "I set the {appliance} to {setting}.",
         asks="What must {the} be set to?|What setting does {the} need?|How hot should {the} be?|"
              "What should I set {the} to?|How is {the} set?|At what setting is {the}?",
         clauses="what {the} must be set to|how {the} is set", checks="Should {the} be set to {key}?"),
    sort("work order", "{cargo} {number}", "{cargo} {number} goes to {dock}", "{dock}",
         says="Bring {cargo} {number} to {dock}.|Please move {cargo} {number} to {dock}.|"
              "Take {cargo} {number} to {dock}.|"
              "The {cargo} with the number {number} goes to {dock}.|We need {cargo} {number} at {dock}.",
         asks="Where does {cargo} {number} go?|Where should I bring {cargo} {number}?|"
              "Where do I take {cargo} {number}?|"
              "What is the destination of {cargo} {number}?|Where does {cargo} {number} belong?",
         clauses="where {cargo} {number} goes|where to bring {cargo} {number}",
         checks="Does {cargo} {number} go to {key}?"),
    sort("opens", "{shop}", "The {shop} opens {time}", "{time}",
         says="The {shop} opens {time}.|The {shop} is open from then on, it opens {time}.|They open the {shop} {time}.|"
              "The {shop} doesn't open before then, it opens {time}.",
         asks="When does {the} open?|What time does {the} open?|From when is {the} open?|When can I go to {the}?|"
              "At what time do they open {the}?",
         clauses="when {the} opens|what time {the} opens", checks="Does {the} open {key}?"),
    sort("closes", "{shop}", "The {shop} closes {time}", "{time}",
         says="The {shop} closes {time}.|They close the {shop} {time}.|Hurry, the {shop} closes {time}.|"
              "The {shop} shuts {time} today.",
         asks="When does {the} close?|What time does {the} close?|How long is {the} open?|Until when is {the} open?|"
              "When does {the} shut?",
         clauses="when {the} closes|how long {the} is open", checks="Does {the} close {key}?"),
    sort("recipe", "{ingredient} for the {dish}", "The {dish} needs {amount} of {ingredient}", "{amount}",
         says="The {dish} needs {amount} of {ingredient}.|For the {dish} you need {amount} of {ingredient}.|"
              "Put {amount} of {ingredient} into the {dish}.|Add {amount} of {ingredient} to the {dish}.",
         asks="How much {ingredient} does the {dish} need?|How much {ingredient} goes into the {dish}?|"
              "How much {ingredient} do I need for the {dish}?|What amount of {ingredient} is in the {dish}?|"
              "How much {ingredient} should I add to the {dish}?",
         clauses="how much {ingredient} the {dish} needs|how much {ingredient} goes into the {dish}"),
    sort("deadline", "{document}", "The {document} is due {day}", "{day}",
         says="The {document} is due {day}.|The {document} has to be ready {day}.|They want the {document} {day}.|"
              "The deadline for the {document} is {day}.|We must hand in the {document} {day}.",
         asks="When is {the} due?|When must {the} be ready?|What is the deadline for {the}?|"
              "By when do they want {the}?|"
              "When do we have to hand in {the}?|Until when is there time for {the}?",
         clauses="when {the} is due|what the deadline for {the} is", checks="Is {the} due {key}?"),
    sort("ready", "{person}'s order", "{person}'s order is ready {when}", "{when}", group="ready",
         says="{person}'s order is ready {when}.|{person} can pick up the order {when}.|"
              "The order of {person} will be ready {when}.",
         asks="When is {the} ready?|When can {person} pick up the order?|When will {the} be ready?|"
              "How long does {the} take?",
         clauses="when {the} is ready|when {person} can pick up the order"),
)  # fmt: skip
