"""Ways to ask about what other systems told in their own words, and about merged percepts."""

EVENT_WHEN = (
    "When was it that {event}?", "At what time was it that {event}?", "Do you know when {event}?",
    "Can you tell me when {event}?", "When exactly was it that {event}?", "Tell me when {event}.",
    "What time was it when {event}?", "What was the time when {event}?", "I need the time when {event}.",
    "Please look up when {event}.", "Was there a moment when {event}?", "Any idea when {event}?",
    "When did you notice that {event}?", "How late was it when {event}?", "At which moment {event}?",
    "When was the last time that {event}?", "Around what time was it that {event}?", "I wonder when {event}.",
    "I'd like to know when {event}.", "Could you find out when {event}?", "Time when {event}?",
    "Let me know when {event}.", "When did it happen that {event}?", "When, please, was it that {event}?",
    "What does the clock say for when {event}?", "Give me the time when {event}.",
    "When did you last note that {event}?", "Would you know when {event}?",
)  # fmt: skip

SAW = (
    "When did you see {it}{where}?", "Did you see {it}{where}?", "Was there {it}{where}?", "Where did you see {it}?",
    "Has there been {it}{where}?", "At what time did you see {it}{where}?", "Have you noticed {it}{where}?",
    "Was {it} here today?", "Did you notice {it}{where}?", "When was {it}{where_or_here}?", "What did {it} do{where}?",
    "Where was {it}?", "Which camera saw {it}?", "I am looking for {it}.", "Did {it} come by{where}?",
    "Is there any trace of {it}{where}?", "Have you spotted {it}{where}?", "When did {it} come{where}?",
    "When did you last see {it}{where}?", "When was {it} last seen{where}?", "When was {it} seen{where}?",
    "Where was {it} seen?", "Where did {it} go?", "Where did {it} show up?", "Was {it} seen{where}?",
    "Did {it} show up{where}?", "Have you seen {it}{where}?", "Have we had {it}{where}?", "Has {it} been here?",
    "Has {it} been seen{where}?", "Any sign of {it}{where}?", "Any trace of {it}{where}?", "What about {it}{where}?",
    "Tell me when you saw {it}{where}.", "I wonder if you saw {it}{where}.", "I wonder when {it} was{where_or_here}.",
    "Which camera picked up {it}?", "On which camera was {it}?", "Do you have {it} in the log{where}?",
)  # fmt: skip

WHAT_OF = (
    "What did {who} do?", "What about {who}?", "What happened to {who}?", "Tell me about {who}.", "Any news of {who}?",
    "What do you know about {who}?", "What was it with {who}?", "What is the latest about {who}?",
    "Did you notice {who}?", "Have you seen anything of {who}?", "What became of {who}?",
    "When did you last notice {who}?", "What have you got on {who}?", "Give me the last report on {who}.",
    "What was {who} doing?", "Anything about {who}?", "What's the latest on {who}?", "What's the news about {who}?",
    "What has {who} done?", "What has {who} been doing?", "What was {who} up to?", "What happened with {who}?",
    "What do you have on {who}?", "What can you tell me about {who}?", "What did you notice about {who}?",
    "Any news about {who}?", "Anything on {who}?", "Did anything happen with {who}?", "Have you noticed {who}?",
    "When was the last report of {who}?", "Tell me what {who} did.", "Tell me the latest about {who}.",
    "I wonder what {who} did.", "I'd like to know about {who}.", "Last report on {who}?", "Report on {who}, please.",
)  # fmt: skip

COLOUR = (
    "What colour was {what}{where}?", "Which colour did {what} have?", "What color was {what}{where}?",
    "What colour is {what}?", "Tell me the colour of {what}{where}.", "Describe {what}{where}.",
    "Do you know the colour of {what}?", "In which colour was {what}?", "Of what colour was {what}{where}?",
    "What did {what} look like?", "Was {what} red or what colour was it?", "What color did {what} have?",
    "I need the colour of {what}.", "Could you see which colour {what} had?", "Was {what} dark or light?",
    "Colour of {what}{where}?", "What color is {what}?", "What colour did you see on {what}?",
    "Which color was {what}{where}?", "What was the colour of {what}{where}?", "What was the color of {what}?",
    "{What}{where}, what colour was it?", "How did {what} look{where}?", "What shade was {what}?",
    "Which colour was {what}{where}?", "Which colour is {what}?", "Give me the colour of {what}.",
    "I wonder what colour {what} was.", "I'd like to know the colour of {what}{where}.",
    "How would you describe {what}?",
)  # fmt: skip

DOOR = (
    "Is the {thing}{where} {word}?", "Is the {thing} {word}{where}?", "Has the {thing}{where} been {verb}?",
    "What about the {thing}{where}?", "What is the state of the {thing}{where}?",
    "Did anybody leave the {thing}{where} {word}?", "Can you check the {thing}{where}?",
    "Do you know if the {thing}{where} is {word}?", "How is the {thing}{where}, open or closed?",
    "Is the {thing}{where} {word} at the moment?", "Tell me whether the {thing}{where} is {word}.",
    "Is the {thing}{where} locked?", "Did somebody touch the {thing}{where}?", "Open or closed: the {thing}?",
    "Was the {thing}{where} {word}?", "Is the {thing}{where} still {word}?", "The {thing}{where}, {word} or not?",
    "{Thing} {word}{where}?", "Is the {thing}{where} open or shut?", "Is the {thing}{where} open or closed?",
    "Is the {thing}{where} {word} now?", "What state is the {thing}{where} in?", "What's with the {thing}{where}?",
    "Did somebody leave the {thing}{where} {word}?", "Was the {thing}{where} left {word}?",
    "Could you check if the {thing}{where} is {word}?", "I wonder if the {thing}{where} is {word}.",
    "Please check whether the {thing}{where} is {word}.", "What happened to the {thing}{where} last?",
    "Status of the {thing}{where}?", "Tell me about the {thing}{where}.", "When did the {thing}{where} last change?",
)  # fmt: skip

READING = (
    "What is the {what}{where}?", "What is the {what} now{where}?", "Tell me the {what}{where}.",
    "How is the {what}{where}?", "What does the sensor say about the {what}{where}?",
    "Which {what} was measured{where}?", "Give me the {what}{where}.", "What was the last {what}{where}?",
    "How high is the {what}{where}?", "Do you know the {what}{where}?", "What {what} do we have{where}?",
    "Read me the {what}{where}.", "What is the current {what}{where}?", "Check the {what}{where}.",
    "Has the {what}{where} been measured?", "What about the {what}{where}?", "{What}{where}?",
    "Current {what}{where}?", "Latest {what}{where}?", "What's the {what}{where}?",
    "What's the {what} at the moment{where}?", "What {what} was measured{where}?",
    "What {what} does the sensor show{where}?", "What did the sensor show for the {what}{where}?",
    "What is the latest {what}{where}?", "What is the reading of the {what}{where}?",
    "Last reading of the {what}{where}?", "How much is the {what}{where}?", "I'd like to know the {what}{where}.",
    "I wonder what the {what} is{where}.", "I need the {what}{where}.", "Could you read the {what} for me{where}?",
    "The {what}{where}, please.",
)  # fmt: skip

SEEN_AT = (
    "What did you see{where}?", "What did you see last{where}?", "What was{where}?", "What was seen{where}?",
    "What was detected{where}?", "Who or what was{where}?", "Anything{where}?", "What happened{where}?",
    "What was going on{where}?", "Did you see anything{where}?", "What did the camera{where} show?",
    "What was the last thing{where}?", "Report{where}, please.", "What can you tell me about{where}?",
    "What has been spotted{where}?", "What did you notice{where}?", "What was there{where}?",
    "What was to be seen{where}?", "What did the camera see{where}?", "What has the camera seen{where}?",
    "What did you spot{where}?", "What was the last sighting{where}?", "What was spotted{where}?",
    "What have you seen{where}?", "Last sighting{where}?", "Tell me what was seen{where}.",
    "Tell me what you saw{where}.", "I wonder what was seen{where}.", "Was anything seen{where}?",
    "Have you seen anything{where}?", "Anything seen{where}?", "What could be seen{where}?",
)  # fmt: skip

DOING = (
    "Who was {doing}?", "Who is {doing}?", "Was anybody {doing}?", "Was somebody {doing}?", "Is anyone {doing}?",
    "Did you see somebody {doing}?", "Did you see anyone {doing}?", "When was somebody {doing}?",
    "Have you seen anybody {doing}?", "Where was somebody {doing}?", "Do you know who was {doing}?",
    "Which person was {doing}?", "Tell me who was {doing}.", "Has anybody been {doing}?", "Who's {doing}?",
    "Who did you see {doing}?", "Who was seen {doing}?", "Who was it that was {doing}?", "Anybody {doing}?",
    "Was a person {doing}?", "Is somebody {doing}?", "Did you notice anybody {doing}?", "Was anyone seen {doing}?",
    "Has somebody been {doing}?", "When did you see somebody {doing}?", "Where did you see somebody {doing}?",
    "I wonder who was {doing}.", "Somebody was {doing}, who was it?",
)  # fmt: skip

NUMBER = (
    "How many {many} were {spot}?", "How many {many} did you see?", "How many {many} are {spot}?",
    "How many {many} were there?", "Count the {many}.", "What is the number of {many}?", "Did you see {many} {spot}?",
    "Where were the {many}?", "Where are the {many}?", "Were there any {many}?", "Are there {many} {spot}?",
    "Tell me how many {many} there were.", "How many {many} have you counted?",
    "Do you know how many {many} were {spot}?", "Number of {many}?", "Number of {many} {spot}?",
    "How many {many} {spot}?", "How many {many} did you count?", "How many {many} have you seen?",
    "How many {many} could you see {spot}?", "How many {many} were seen {spot}?", "Give me the number of {many}.",
    "I wonder how many {many} there were.", "I'd like to know how many {many} you saw.",
    "Have you seen {many} {spot}?", "Where did you see the {many}?", "Did you count the {many}?",
    "Were {many} seen {spot}?",
)  # fmt: skip

SPOKEN = (
    "What did {who} {do}?", "What did {who} {do} last?", "What were {who}'s words?", "What was it {who} {verb}?",
    "What did you get from {who}?", "Any word from {who}?", "Repeat what {who} {verb}.", "Tell me what {who} {verb}.",
    "What has {who} told us?", "Has {who} {done} anything?", "What did {who} have to {do}?",
    "Did {who} {do} something?", "Quote {who}.", "What is the last thing that {who} {verb}?",
    "What was {who}'s message?", "What did {who} tell you?", "{who}'s last words?", "Latest from {who}?",
    "What were {who}'s last words?", "What was the last thing {who} {verb}?", "What has {who} {done}?",
    "What exactly did {who} {do}?", "What came from {who}?", "What did we get from {who}?",
    "What did {who} just {do}?", "{who} {verb} what?", "Anything from {who}?", "I missed what {who} {verb}.",
    "I wonder what {who} {verb}.", "Can you repeat what {who} {verb}?", "What did {who} let us know?",
)  # fmt: skip

PASSED = (
    "How many {many} {came}{where} {when}?", "How many {many} {verb}{where} {when}?",
    "How many {many} did you see {do}{where} {when}?", "Count the {many} that {came}{where} {when}.",
    "Did any {many} {do}{where} {when}?", "What is the number of {many} that {came} {when}{where}?",
    "Tell me how many {many} {came} {when}{where}.", "{When}, how many {many} {came}{where}?",
    "Roughly how many {many} {came} {when}{where}?", "Do you know how many {many} {came} {when}{where}?",
    "Were there {many} that {came} {when}{where}?", "About how many {many} {verb} {when}{where}?",
    "How many {many} {came} {when}{where}, all in all?", "Was it true that {many} {came} {when}{where}?",
    "I need the number of {many} that {verb} {when}{where}.", "Number of {many} that {came} {when}{where}?",
    "How many {many} were there to {do} {when}{where}?", "{When}: how many {many} {came}{where}?",
    "How many {many} have {gone} {when}{where}?", "In total, how many {many} {came} {when}{where}?",
    "Give me the number of {many} that {came} {when}{where}.", "I wonder how many {many} {came} {when}{where}.",
    "How many {many} was it that {came} {when}{where}?", "What's the count of {many} that {came} {when}{where}?",
    "How many {many} did {do} {when}{where}?", "Could you say how many {many} {came} {when}{where}?",
)  # fmt: skip

TALKED = (
    "Did {who} speak{where} {when}?", "How often did {who} speak{where} {when}?", "Was {who} heard{where} {when}?",
    "Did you hear {who}{where} {when}?", "Did {who} say something {when}?",
    "How many times did {who} speak {when}{where}?", "Did {who} say anything {when}{where}?",
    "Was {who} talking {when}?", "{When}, did {who} talk{where}?", "Has {who} spoken {when}{where}?",
    "How much did {who} talk {when}?", "Do you know if {who} spoke {when}?", "Have you heard {who} {when}?",
    "Could {who} be heard {when}{where}?", "Any word from {who} {when}?", "Anything from {who} {when}{where}?",
    "Did {who} talk {when}{where}?", "Has {who} been heard {when}{where}?",
    "{When}, how often did {who} speak{where}?", "How often was {who} heard {when}{where}?",
    "How many times did you hear {who} {when}{where}?", "I wonder how often {who} spoke {when}.",
    "Tell me how often {who} spoke {when}{where}.", "Was there anything from {who} {when}?",
    "Was {who} to be heard {when}{where}?",
)  # fmt: skip

SIGN_READ = (
    "What did the sign{where} say {when}?", "Which sign did you see{where} {when}?", "What was written{where} {when}?",
    "Was there a sign{where} {when}?", "Did you read a sign{where} {when}?", "{When}, what did the sign{where} say?",
    "Which sign was there{where} {when}?", "What did you read{where} {when}?", "What text was seen{where} {when}?",
    "Did you see a sign{where} {when}?", "What stood on the sign{where} {when}?",
    "Tell me the sign that was seen{where} {when}.", "Any sign{where} {when}?", "What could be read{where} {when}?",
    "What was on the sign{where} {when}?", "What was the text of the sign{where} {when}?",
    "Which sign was seen{where} {when}?", "Which text was there{where} {when}?",
    "What did it say on the sign{where} {when}?", "What sign was there{where} {when}?",
    "{When}, which sign did you see{where}?", "Tell me what the sign{where} said {when}.",
    "I wonder what the sign{where} said {when}.", "What words were seen{where} {when}?",
    "Was any sign seen{where} {when}?",
)  # fmt: skip

ROUGHLY = (
    "What happened{where} {when}?", "What was going on{where} {when}?", "Roughly what happened{where} {when}?",
    "Sum up what happened{where} {when}.", "What was there{where} {when}?", "Was it busy{where} {when}?",
    "{When}, what happened{where}?", "Give me a summary of what was{where} {when}.",
    "What do you remember of what happened{where} {when}?", "Did anything happen{where} {when}?",
    "What did I miss{where} {when}?", "Tell me what went on{where} {when}.", "What took place{where} {when}?",
    "How was it{where} {when}?", "What do you have{where} {when}?", "Summary of what happened{where} {when}?",
    "What went on{where} {when}?", "What was up{where} {when}?", "In short, what happened{where} {when}?",
    "What does the log say{where} {when}?", "Briefly, what was going on{where} {when}?",
    "Was there much going on{where} {when}?", "What did you notice{where} {when}?",
    "{When}, what was going on{where}?", "Tell me roughly what happened{where} {when}.",
    "I wonder what happened{where} {when}.", "Give me an overview of what happened{where} {when}.",
)  # fmt: skip
