"""Sorts of claims about people: where they are, what they like, do, need and are to each other."""

from __future__ import annotations

from collections.abc import Sequence

from dialog.training.claim_sorts import Sort, sort

SORTS: Sequence[Sort] = (
    sort("food", "{person}'s food", "{person} likes {food}", "{food}",
         says="{person} likes {food}.|{person} loves {food}.|{person} would like {food} for dinner.|"
              "{person}'s favourite food is {food}.|Give {person} some {food}, that always works.|"
              "{person} could eat {food} every day.",
         mine="My favourite food is {food}.|I would like {food} for dinner.|I love {food}.|"
              "I'd like some {food}, please.|"
              "I could eat {food} every day.|I feel like {food} today.",
         asks="What does {person} like to eat?|What food does {person} like?|What is {person}'s favourite food?|"
              "What should I cook for {person}?|What would {person} like for dinner?|Which dish does {person} love?|"
              "What can I serve {person}?|What does {person} want to eat?|What would {person} eat?|"
              "With which food do I make {person} happy?",
         clauses="what {person} likes to eat|which food {person} likes|what to cook for {person}",
         checks="Does {person} like {key}?|Would {person} like {key}?"),
    sort("dislike", "{person}", "{person} does not like {food}", "{food}",
         says="{person} does not like {food}.|{person} hates {food}.|Don't give {person} any {food}.|"
              "{person} can't stand {food}.|Anything for {person}, but no {food}.",
         mine="I don't like {food}.|I hate {food}.|I can't stand {food}.|No {food} for me, please.",
         asks="What does {person} not like?|What does {person} hate?|Which food does {person} dislike?|"
              "What should I not cook for {person}?|What doesn't {person} eat?|What can {person} not stand?",
         clauses="what {person} does not like|which food {person} hates"),
    sort("allergy", "{person}'s allergy", "{person} is allergic to {allergen}", "{allergen}",
         says="{person} is allergic to {allergen}.|Be careful, {person} is allergic to {allergen}.|"
              "{person} has an allergy to {allergen}.|No {allergen} for {person}, because of the allergy.",
         mine="I am allergic to {allergen}.|I'm allergic to {allergen}, you know.|I have an allergy to {allergen}.",
         asks="What is {person} allergic to?|Does {person} have any allergies?|Which allergy does {person} have?|"
              "What can {person} not tolerate?|Is {person} allergic to anything?|What must {person} avoid?|"
              "What gives {person} a reaction?",
         clauses="what {person} is allergic to|whether {person} has an allergy",
         checks="Is {person} allergic to {key}?"),
    sort("medicine", "{person}'s medicine", "{person} takes {dose} {time}", "{dose} {time}",
         says="{person} takes {dose} {time}.|{person} has to take {dose} {time}.|Give {person} {dose} {time}.|"
              "The doctor says that {person} gets {dose} {time}.",
         mine="I take {dose} {time}.|I have to take {dose} {time}.|I need {dose} {time}, the doctor said.",
         asks="What medicine does {person} take?|When does {person} take the medicine?|"
              "What does {person} have to take?|"
              "How much medicine does {person} get?|What is {person}'s dose?|What did the doctor order for {person}?",
         clauses="what {person} has to take|when {person} takes the medicine",
         checks="Does {person} take {key}?"),
    sort("errand", "{person}", "{person} has to {errand}", "{errand}",
         says="{person} has to {errand}.|{person}, please {errand}.|{person} should {errand}.|"
              "{person} needs to {errand}.|"
              "Can you {errand}, {person}?|{person} is going to {errand}.|I asked {person} to {errand}.|"
              "Tell {person} to {errand}.|It is {person}'s turn to {errand}.|{person}, could you {errand} today?",
         mine="I have to {errand}.|I must {errand}.|I still need to {errand}.|I am going to {errand}.|"
              "Remind me to {errand}.|I'd better {errand}.",
         asks="What does {person} have to do?|What should {person} do?|What is {person} supposed to do?|"
              "What is {person}'s job today?|What was {person} asked to do?|What does {person} need to do?|"
              "What is on {person}'s list?|What must {person} do?|Which task does {person} have?|"
              "What is {person} going to do?|What is {person}'s task?|What chore is {person} down for?",
         clauses="what {person} has to do|what {person} is supposed to do|which task {person} has",
         checks="Does {person} have to {key}?|Is {person} supposed to {key}?"),
    sort("whereabouts", "{person}", "{person} is in the {room}", "in the {room}", group="person place",
         says="{person} is in the {room}.|{person} is waiting in the {room}.|I saw {person} in the {room}.|"
              "{person} is working in the {room}.|If you need {person}, look in the {room}.|"
              "{person} went off, probably to sit in the {room}.|{person} is still in the {room}.",
         mine="I am in the {room}.|I'm in the {room} if you need me.|I'll be in the {room}.|"
              "I am waiting in the {room}.",
         asks="Where is {person}?|Do you know where {person} is?|Where can I find {person}?|Where's {person}?|"
              "I am looking for {person}.|Where is {person} now?|Where did {person} go?|Where might {person} be?|"
              "In which room is {person}?|I need to talk to {person}, where is that?|Anyone know where {person} is?|"
              "Which room is {person} in?|What is {person}'s location?",
         clauses="where {person} is|where to find {person}|which room {person} is in",
         checks="Is {person} {key}?|Did someone see {person} {key}?"),
    sort("not here", "{person}", "{person} is not in the {room}", "not in the {room}", group="person place",
         says="{person} is not in the {room}.|I looked, but {person} is not in the {room}.|"
              "No, {person} is not in the {room}.|"
              "Nobody here, {person} is not in the {room}.",
         asks="Where is {person} not?|What is known about where {person} is?|Where was {person} missed?",
         clauses="where {person} is not"),
    sort("coming", "{person}", "{person} is coming {when}", "{when}",
         says="{person} is coming {when}.|{person} will be here {when}.|{person} arrives {when}.|"
              "{person} comes back {when}.|"
              "Expect {person} {when}.|{person} said to be here {when}.|We'll see {person} {when}.",
         mine="I will be there {when}.|I am coming {when}.|I'll be back {when}.|I arrive {when}.",
         asks="When is {person} coming?|When will {person} be here?|When does {person} arrive?|"
              "When will {person} come?|"
              "When is {person} coming back?|When do we expect {person}?|What time will {person} be here?|"
              "When do I see {person}?|How soon is {person} coming?|When can we expect {person}?",
         clauses="when {person} is coming|when {person} will be here|when we can expect {person}",
         checks="Is {person} coming {key}?|Will {person} be here {key}?"),
    sort("leaving", "{person}", "{person} is leaving {when}", "{when}",
         says="{person} is leaving {when}.|{person} has to go {when}.|{person} goes home {when}.|"
              "{person} wants to leave {when}.",
         mine="I am leaving {when}.|I have to go {when}.|I'm off {when}.|I'm going home {when}.",
         asks="When is {person} leaving?|When does {person} leave?|When does {person} have to go?|"
              "When is {person} going home?|At what time will {person} go?|When will {person} set off?",
         clauses="when {person} is leaving|when {person} has to go", checks="Is {person} leaving {key}?"),
    sort("relation", "{person}", "{person} is {other}'s {relation}", "{other}'s {relation}",
         says="{person} is {other}'s {relation}.|Have you met {person}? {person} is {other}'s {relation}.|"
              "{person}, {other}'s {relation}, was here.|This is {person}, {other}'s {relation}.",
         mine="I am {other}'s {relation}.|I'm {other}'s {relation}, nice to meet you.",
         asks="Who is {person}?|What is {person} to the others?|How is {person} related to somebody here?|"
              "Whose relative or friend is {person}?|Which relation does {person} have?|Who exactly is {person}?|"
              "How does {person} fit in?",
         clauses="who {person} is|whom {person} belongs to", checks="Is {person} {key}?"),
    sort("age", "{person}'s age", "{person} is {age} years old", "{age}",
         says="{person} is {age} years old.|{person} turned {age} this week.|{person} is {age}, can you believe it?",
         mine="I am {age} years old.|I turned {age} last week.|I'm {age} now.",
         asks="How old is {person}?|What is {person}'s age?|What age is {person}?|How many years old is {person}?|"
              "Which birthday did {person} reach?",
         clauses="how old {person} is|what age {person} is", checks="Is {person} {key}?"),
    sort("birthday", "{person}'s birthday", "{person}'s birthday is on {date}", "{date}",
         says="{person}'s birthday is on {date}.|{person} was born on {date}.|{person} has a birthday on {date}.",
         mine="My birthday is on {date}.|I was born on {date}.|I have my birthday on {date}.",
         asks="When is {person}'s birthday?|When was {person} born?|On which day is {person}'s birthday?|"
              "What date is {person}'s birthday?|When does {person} have a birthday?|When do I congratulate {person}?",
         clauses="when {person}'s birthday is|when {person} was born", checks="Is {person}'s birthday on {key}?"),
    sort("job", "{person}'s job", "{person} works as a {job}", "{job}",
         says="{person} works as a {job}.|{person} is a {job}.|{person} used to study, but now works as a {job}.|"
              "{person} got a job as {job}.",
         mine="I work as a {job}.|I am a {job}.|I'm a {job} by trade.",
         asks="What does {person} do for a living?|What is {person}'s job?|What does {person} work as?|"
              "What is {person}'s profession?|Which job does {person} have?|How does {person} earn a living?|"
              "What trade is {person} in?",
         clauses="what {person} does for a living|what {person}'s job is", checks="Is {person} a {key}?"),
    sort("mood", "{person}'s mood", "{person} is {mood}", "{mood}",
         says="{person} is {mood}.|{person} looks as if {person} is {mood}.|{person} is really {mood} today.|"
              "{person} seems {mood}.|{person} said that everyone is {mood}, I mean {person} is {mood}.",
         mine="I am {mood}.|I'm so {mood}.|I'm a bit {mood} today.|I feel {mood}.",
         asks="How is {person}?|How does {person} feel?|How is {person} feeling?|What mood is {person} in?|"
              "Is {person} all right?|How is {person} doing?|What is the matter with {person}?",
         clauses="how {person} is|how {person} feels", checks="Is {person} {key}?"),
    sort("pet", "{person}'s {pet}", "{person}'s {pet} is called {petname}", "{petname}",
         says="{person}'s {pet} is called {petname}.|{person} has a {pet} called {petname}.|"
              "The name of {person}'s {pet} is {petname}.|{petname} is {person}'s {pet}.",
         mine="My {pet} is called {petname}.|I have a {pet} called {petname}.|{petname} is my {pet}.",
         asks="What is {the} called?|What is the name of {the}?|What's the name of {person}'s {pet}?|"
              "How do I call {the}?|Which name does {the} have?|Name {the}.",
         clauses="what {the} is called|what the name of {the} is", checks="Is {the} called {key}?"),
    sort("drink", "{person}'s order", "{person} would like {drink}", "{drink}",
         says="{person} would like {drink}.|{drink} for {person}, please.|{person} wants {drink}.|"
              "{person} ordered {drink}.|"
              "Bring {person} {drink}.",
         mine="I would like {drink}.|I'll have {drink}, please.|Could I have {drink}?|{drink} for me, please.",
         asks="What would {person} like to drink?|What did {person} order?|What does {person} want to drink?|"
              "Which drink is for {person}?|What is {person} having?|What do I bring {person}?|"
              "What is {person}'s drink?",
         clauses="what {person} would like to drink|what {person} ordered",
         checks="Would {person} like {key}?|Did {person} order {key}?"),
    sort("allowed", "{person}'s permission", "{person} may {permitted}", "{permitted}",
         says="{person} may {permitted}.|{person} is allowed to {permitted}.|I told {person} it's fine to {permitted}.|"
              "Yes, {person} can {permitted}.",
         mine="I am allowed to {permitted}.|The boss said I may {permitted}.",
         asks="What is {person} allowed to do?|What may {person} do?|What does {person} have permission for?|"
              "Which permission did {person} get?|What was {person} permitted?",
         clauses="what {person} is allowed to do|what {person} may do",
         checks="May {person} {key}?|Is {person} allowed to {key}?|Can {person} {key}?"),
    sort("forbidden", "{person}'s ban", "{person} must not {permitted}", "{permitted}",
         says="{person} must not {permitted}.|{person} is not allowed to {permitted}.|Don't let {person} {permitted}.|"
              "No, {person} can't {permitted}.",
         asks="What must {person} not do?|What is {person} not allowed to do?|What is forbidden to {person}?|"
              "What is {person} banned from?|What should we not let {person} do?",
         clauses="what {person} must not do|what {person} is not allowed to do"),
    sort("hobby", "{person}'s hobby", "{person} {hobby}", "{hobby}",
         says="{person} {hobby}.|In the evenings {person} {hobby}.|{person} {hobby}, did you know?|"
              "At weekends {person} {hobby}.",
         asks="What is {person}'s hobby?|What does {person} do in the evenings?|What does {person} do at weekends?|"
              "What does {person} do for fun?|Which hobby does {person} have?|How does {person} spend the spare time?",
         clauses="what {person}'s hobby is|what {person} does for fun"),
    sort("language", "{person}'s language", "{person} speaks {language}", "{language}",
         says="{person} speaks {language}.|{person} learns {language} and speaks it well.|"
              "{person} only understands {language}.|You can talk {language} with {person}.",
         mine="I speak {language}.|I grew up with {language}.|You can talk {language} with me.",
         asks="Which language does {person} speak?|What language does {person} speak?|What does {person} speak?|"
              "In which language can I talk to {person}?|What is {person}'s language?",
         clauses="which language {person} speaks|in which language to talk to {person}",
         checks="Does {person} speak {key}?"),
    sort("hometown", "{person}'s home town", "{person} comes from {city}", "{city}",
         says="{person} comes from {city}.|{person} is from {city}.|{person} grew up in {city}.|"
              "{person} moved here from {city}.",
         mine="I come from {city}.|I am from {city}.|I grew up in {city}.|I moved here from {city}.",
         asks="Where does {person} come from?|Where is {person} from?|Which city does {person} come from?|"
              "What is {person}'s home town?|Where did {person} grow up?|From what town does {person} hail?",
         clauses="where {person} comes from|which city {person} is from",
         checks="Does {person} come from {key}?|Is {person} from {key}?"),
    sort("holiday", "{person}'s holiday", "{person} is on holiday {until}", "{until}",
         says="{person} is on holiday {until}.|{person} is away {until}.|{person} won't be here {until}, on holiday.|"
              "We have to manage without {person} {until}.",
         mine="I am on holiday {until}.|I'll be away {until}.|I am out of office {until}.",
         asks="How long is {person} on holiday?|Until when is {person} away?|How long will {person} be away?|"
              "Is {person} on holiday?|Till when is {person} gone?",
         clauses="how long {person} is away|until when {person} is on holiday",
         checks="Is {person} away {key}?"),
    sort("seat", "{person}'s seat", "{person} sits {seat}", "{seat}",
         says="{person} sits {seat}.|{person}'s seat is {seat}.|{person} is sitting {seat}.|We put {person} {seat}.",
         mine="I sit {seat}.|I'm sitting {seat}.|My place is {seat}.",
         asks="Where does {person} sit?|Where is {person} sitting?|Where is {person}'s seat?|What is {person}'s seat?|"
              "Which seat does {person} have?|Where do I find {person}'s place?",
         clauses="where {person} sits|where {person}'s seat is", checks="Does {person} sit {key}?"),
    sort("phone", "{person}'s phone number", "{person}'s phone number is {phone}", "{phone}",
         says="{person}'s phone number is {phone}.|You can reach {person} at {phone}.|{person}'s number is {phone}.|"
              "Call {person} on {phone}.|{person}'s new number is {phone}.",
         mine="My number is {phone}.|You can reach me at {phone}.|My phone number is {phone}.|Call me on {phone}.",
         asks="What is {person}'s phone number?|How can I reach {person}?|What's {person}'s number?|"
              "Which number does {person} have?|I need {person}'s number.|How do I call {person}?|Give me {the}.|"
              "Under which number do I get {person}?",
         clauses="what {person}'s phone number is|how to reach {person}", checks="Is {person}'s number {key}?"),
    sort("address", "{person}'s address", "{person} lives {address}", "{address}",
         says="{person} lives {address}.|{person} moved, the new place is {address}.|{person}'s house is {address}.|"
              "Send it to {person}, {address}, I mean the flat {address}.|You'll find {person}'s flat {address}.",
         mine="I live {address}.|My flat is {address}.|My new place is {address}.",
         asks="Where does {person} live?|What is {person}'s address?|On which street does {person} live?|"
              "Where is {person}'s house?|What address does {person} have?|Where do I send {person}'s mail?",
         clauses="where {person} lives|what {person}'s address is", checks="Does {person} live {key}?"),
    sort("size", "{person}'s size", "{person} wears size {size}", "{size}",
         says="{person} wears size {size}.|{person}'s size is {size}.|{person} needs size {size}.",
         mine="I wear size {size}.|My size is {size}.|I need size {size}.",
         asks="What size does {person} wear?|What is {person}'s size?|Which size does {person} need?|"
              "In what size do I buy it for {person}?",
         clauses="what size {person} wears|which size {person} needs", checks="Does {person} wear size {key}?"),
    sort("duty", "{duty}", "{person} is in charge of the {duty}", "{person}",
         says="{person} is in charge of the {duty}.|{person} takes care of the {duty}.|The {duty}? Ask {person}.|"
              "{person} is responsible for the {duty}.|For the {duty}, please go to {person}.|"
              "{person} handles the {duty} this week.",
         mine="I am in charge of the {duty}.|I take care of the {duty}.|I am responsible for the {duty}.",
         asks="Who is in charge of {the}?|Who takes care of {the}?|Who is responsible for {the}?|Who handles {the}?|"
              "Whom do I ask about {the}?|Who does {the}?|Who looks after {the}?|Whose task {be} {the}?",
         clauses="who is in charge of {the}|who takes care of {the}|whom to ask about {the}",
         checks="Is the one in charge of {the} {key}?"),
)  # fmt: skip
