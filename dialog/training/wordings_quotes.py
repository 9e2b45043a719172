"""Ways to ask who spoke, and what was said or written word for word.

`{say}` is filled with `say` or `write`, `{verb}` with `said` or `wrote`, `{done}` with `said` or `written`.
"""

FIRST_WORDS = (
    "What did {who} {say} first?", "What was the first thing {who} {verb}?", "What did {who} {say} at the beginning?",
    "With which words did {who} begin?", "What were {who}'s first words?", "{who}'s first words?",
    "What did {who} start with?", "How did {who} begin?", "Repeat the first thing {who} {verb}.",
    "Quote {who}'s first words.", "Which words of {who} came first?", "What did {who} {say} to start with?",
    "Tell me what {who} {verb} first.", "I'd like to know what {who} {verb} first.", "The first thing {who} {verb}?",
    "What was the very first thing {who} {verb}?", "What was it {who} {verb} first?",
)  # fmt: skip

WORDS_OF = (
    "What did {who} {say}?", "What did {who} {say} last?", "What was the last thing {who} {verb}?",
    "What has {who} {done}?", "Repeat what {who} {verb}.", "What did you hear from {who}?",
    "Tell me what {who} {verb}.", "What did {who} just {say}?", "Can you repeat what {who} {verb}?",
    "{who} {verb} what?", "What were {who}'s last words?", "What was that {who} {verb}?", "Quote {who}.",
    "I missed what {who} {verb}.", "What exactly did {who} {say}?", "What was it that {who} {verb}?",
    "What came from {who}?", "What did we get from {who}?", "{who}'s last words?", "Last words of {who}?",
    "What are {who}'s latest words?", "Latest from {who}?", "What is the latest from {who}?",
    "What's the last thing we got from {who}?", "And {who}, what did you get there?",
    "I did not catch what {who} {verb}.", "Sorry, I missed {who}. What was that?", "What was {who}'s last sentence?",
    "Give me {who}'s words.", "Give me the last words of {who}.", "Which words did {who} use?",
    "What did {who} {say} the last time?", "What did {who} let us know?", "What did {who} have to {say}?",
    "I wonder what {who} {verb}.", "I'd like to know what {who} {verb}.", "Could you please repeat what {who} {verb}?",
    "Do you know what {who} {verb}?", "Word for word, what did {who} {say}?", "In {who}'s own words, what was it?",
    "What was the message of {who}?", "Say again what {who} {verb}.", "Please quote {who} for me.",
    "What were the words of {who}?", "What did {who} {say} most recently?", "What did {who} {say}, exactly?",
    "Remind me what {who} {verb}.",
)  # fmt: skip

SECOND_LAST = (
    "What was said before that?", "What was the second to last thing said?", "And what was said before?",
    "What was said just before the last sentence?", "What was the sentence before the last one?",
    "What did I hear one sentence earlier?", "What was the last but one thing said?",
    "What did they say before the last sentence?", "And before that, what was said?", "The sentence before the last?",
    "Repeat the sentence before the last.", "Not the last sentence, the one before: what was it?",
    "What did somebody say right before the last words?", "One sentence back, what was that?",
    "What were the words before the last ones?", "Quote the last sentence but one.",
    "What was said one before the last?", "Go one sentence back, what was said?",
    "What came just before the last thing said?",
)  # fmt: skip

LAST_WORDS = (
    "What was said last?", "What did you hear?", "What do you hear?", "What was just said?", "What did they say?",
    "What was that?", "Repeat what was said.", "What did somebody just say?", "What was the last thing anybody said?",
    "Say that again.", "What was said?", "What did I miss them saying?", "What are they talking about?",
    "Repeat the last sentence.", "What was the last sentence?", "I did not catch that, what did they say?",
    "Could you repeat the last words?", "What have you heard last?", "What did the voice say?",
    "Quote the last words.", "What was uttered last?", "What did people say just now?", "The last words?",
    "Last sentence?", "Last thing said?", "What's the last thing that was said?", "What were the last words?",
    "What is being said?", "What are they saying?", "What did the person speaking say?", "Sorry, what did they say?",
    "Pardon, what was said?", "I didn't hear it, what was said?", "Can you say it again, the last sentence?",
    "Give me the last thing said.", "Tell me what was said last.", "Tell me what they said.",
    "I wonder what was said.", "I'd like to hear the last words.", "Which words did you hear last?",
    "Which sentence was the last?", "What did anyone say last?", "What was spoken last?", "What has been said last?",
    "What is the most recent thing somebody said?", "Please repeat what you heard.",
    "What did somebody say a moment ago?", "What was the last remark?", "Quote what was said last.",
    "What was it they said?", "What did we hear last from anybody?",
)  # fmt: skip

MESSAGE = (
    "What was written last?", "What did somebody write?", "Read me the last message.", "What does the message say?",
    "Any messages?", "Is there a message?", "What is the last message?", "Are there any notes?",
    "Did anybody write something?", "Did somebody send a message?", "What is in the chat?", "What was typed?",
    "Read out the newest text.", "Have I got mail?", "What did they text?", "Last message?", "Newest message?",
    "Read the message.", "What's the latest message?", "What was the last text?", "Any new messages?", "Any texts?",
    "Did I get a message?", "Is there any message for me?", "Are there new messages?", "What did someone type?",
    "What was the last thing anybody wrote?", "What stands in the last message?", "What does the last text say?",
    "Show me the last message.", "Give me the latest message.", "Tell me what was written.", "Check the messages.",
    "Has anyone written?", "Has somebody texted?", "I wonder if there is a message.", "What is in the newest message?",
    "Could you read the last message to me?", "What has been written?", "What did the last message say?",
)  # fmt: skip

AT_CLOCK_BY = (
    "What did {who} {say} at {clock}?", "At {clock}, what did {who} {say}?",
    "What was it that {who} {verb} at {clock}?", "{who} at {clock}, what was that?", "{who}'s words at {clock}?",
    "What were {who}'s words at {clock}?", "Repeat what {who} {verb} at {clock}.",
    "Tell me what {who} {verb} at {clock}.", "Quote {who} at {clock}.",
    "At {clock} {who} {verb} something, what was it?", "What came from {who} at {clock}?",
    "I missed what {who} {verb} at {clock}.", "What exactly did {who} {say} at {clock}?",
    "{clock}, {who}: what was that?",
)  # fmt: skip

AT_CLOCK = (
    "What was {done} at {clock}?", "What did they {say} at {clock}?", "What did somebody {say} at {clock}?",
    "At {clock}, what was {done}?", "Which words fell at {clock}?", "What words were {done} at {clock}?",
    "What did anyone {say} at {clock}?", "Somebody {verb} something at {clock}, what was it?",
    "Repeat what was {done} at {clock}.", "Tell me what was {done} at {clock}.", "Words at {clock}?",
    "What was it that somebody {verb} at {clock}?", "I missed what was {done} at {clock}.",
    "Quote what was {done} at {clock}.", "At {clock} somebody {verb} what?", "Which sentence was {done} at {clock}?",
    "What did people {say} around {clock}?", "Give me the words that were {done} at {clock}.",
)  # fmt: skip

WHO_AT_CLOCK = (
    "Who {spoke} at {clock}?", "Who {verb} something at {clock}?", "At {clock}, who {spoke}?",
    "Who was it that {spoke} at {clock}?", "Who was it at {clock} that {verb} something?",
    "Which person {spoke} at {clock}?", "Tell me who {spoke} at {clock}.", "Somebody {spoke} at {clock}, who?",
    "Whose words were that at {clock}?", "I wonder who {spoke} at {clock}.", "Do you know who {spoke} at {clock}?",
    "From whom were the words at {clock}?", "At {clock} somebody {verb} something, who was it?",
)  # fmt: skip

AT_PLACE_BY = (
    "What did {who} say{where}?", "What did {who} say last{where}?", "What was it that {who} said{where}?",
    "What has {who} said{where}?", "Which words of {who} did you hear{where}?", "{who}'s last words{where}?",
    "What were {who}'s words{where}?", "Repeat what {who} said{where}.", "Tell me what {who} said{where}.",
    "What did you {hear} {who} say{where}?", "What was {who} saying{where}?", "What came from {who}{where}?",
    "Quote what {who} said{where}.", "I missed what {who} said{where}.", "{who} said what{where}?",
    "What exactly did {who} say{where}?",
)  # fmt: skip

AT_PLACE = (
    "What was said{where}?", "What did they say{where}?", "What did you hear{where}?", "What was said last{where}?",
    "What are people saying{where}?", "What did somebody say{where}?", "What is being talked about{where}?",
    "Which words did you pick up{where}?", "Last words{where}?", "Words spoken{where}?", "What was spoken{where}?",
    "What were the last words{where}?", "What was the last sentence{where}?", "What did anybody say{where}?",
    "What are they talking about{where}?", "What was the talk{where}?", "Repeat what was said{where}.",
    "Tell me what was said{where}.", "Quote the last words{where}.", "Which words were spoken{where}?",
    "What did people say{where}?", "I missed what was said{where}.", "What did you {hear} somebody say{where}?",
    "What is the last thing that was said{where}?", "I'd like to know what they said{where}.",
    "Which words did you {hear}{where}?", "What has been said{where}?", "What was the conversation{where}?",
)  # fmt: skip

SPOKE_LAST = (
    "Who spoke last?", "Who was that?", "Who said that?", "Who was speaking?", "Who is talking?",
    "Who said something?", "Who just spoke?", "Whose voice was that?", "Who talked last?",
    "Who was the last to speak?", "Whom did you hear last?", "Who was just talking?", "Last speaker?",
    "Who's speaking?", "Who's talking?", "Who spoke just now?", "Who was the last one to say something?",
    "Who said the last words?", "Who had the last word?", "From whom were the last words?",
    "Whose words were the last?", "Whose voice is that?", "Tell me who spoke last.", "Tell me who that was speaking.",
    "I wonder who spoke last.", "Do you know who just spoke?", "Which person spoke last?", "Name the last speaker.",
    "Who was heard last?", "Who was it that just said something?", "Who did you hear last?", "Who is the speaker?",
)  # fmt: skip

SPOKE_FIRST = (
    "Who spoke first?", "Who was the first to speak?", "Who said the first thing?", "Who began to talk?",
    "Who opened the conversation?", "First speaker?", "Who was the first one to say something?",
    "Who started talking?", "Who started the conversation?", "Whom did you hear first?", "Whose voice came first?",
    "Who said the first words?", "Tell me who spoke first.", "Name the first speaker.", "Which person spoke first?",
    "Who broke the silence?", "I wonder who spoke first.", "Who was heard first?", "Who made the start in talking?",
)  # fmt: skip

SPEAKERS = (
    "Who has spoken?", "Who spoke?", "Whom did you hear?", "Which people spoke?", "Whose voices did you hear?",
    "List the people who spoke.", "Who talked today?", "Who took part in the conversation?", "Who did the talking?",
    "Speakers?", "Who were the speakers?", "Which speakers were there?", "Who all spoke?", "Who has been talking?",
    "Name everybody who spoke.", "Name the people you heard.", "Tell me who has spoken.",
    "Tell me which people you heard.", "Which voices were there?", "Give me the names of those who spoke.",
    "I'd like to know who all spoke.", "By whom was something said?", "Who has said anything?",
    "Who was talking today?", "Whose voices were those?",
)  # fmt: skip

DID_SPEAK = (
    "Did {who} say anything?", "Has {who} said anything?", "Did {who} speak?", "Did you hear {who}?",
    "Has {who} spoken?", "Was {who} talking?", "Any word from {who}?", "Did {who} talk?",
    "Was anything said by {who}?", "Anything from {who}?", "Has {who} been heard?", "Was {who} heard?",
    "Did {who} speak up?", "Have you heard {who}?", "Have you heard from {who}?", "Any words by {who}?",
    "Did {who} open their mouth?", "Is there anything from {who}?", "Has {who} talked?", "Did {who} say a word?",
    "Did you pick up {who}?", "Did {who} utter anything?", "Was there anything from {who}?",
    "Have we heard anything from {who}?",
)  # fmt: skip

WHEN_SPOKE = (
    "When did {who} speak?", "When did {who} say something?", "When did you hear {who}?", "When did {who} last speak?",
    "At what time did {who} talk?", "When was {who} heard?", "What time did {who} say something?",
    "When did {who} talk?", "When was {who} talking?", "When was {who} last heard?", "When did you last hear {who}?",
    "When did {who} say it?", "When was the last time {who} spoke?", "Time when {who} spoke?",
    "Tell me when {who} spoke.", "I wonder when {who} spoke.", "Around when did {who} speak?",
    "{time} did {who} speak?", "What was the time when {who} spoke?",
)  # fmt: skip

WHERE_SPOKE = (
    "Where did {who} speak?", "Where did you hear {who}?", "Where was {who} talking?",
    "On which camera did you hear {who}?", "Where was it that {who} spoke?", "Where was {who} heard?",
    "Where did {who} talk?", "Where did {who} say something?", "In which place did {who} speak?",
    "At which place was {who} heard?", "Which camera heard {who}?", "Tell me where {who} spoke.",
    "I wonder where {who} was talking.", "Where were you when you heard {who}?", "Which microphone picked up {who}?",
    "Whereabouts did {who} speak?", "Where was {who} when speaking?",
)  # fmt: skip

HOW_OFTEN_SPOKE = (
    "How often did {who} speak?", "How many times did {who} speak?", "How often did you hear {who}?",
    "How many times did {who} say something?", "Count how often {who} spoke.", "How often has {who} spoken?",
    "How many times was {who} heard?", "How many times did you hear {who}?", "How often did {who} say something?",
    "How often was {who} talking?", "On how many occasions did {who} speak?", "Tell me how often {who} spoke.",
    "I wonder how often {who} spoke.", "Number of times that {who} spoke?", "How frequently did {who} speak?",
    "How many times has {who} talked?",
)  # fmt: skip

ANY_VOICE = (
    "Did anybody say anything?", "Has anyone spoken?", "Did you hear anybody?", "Did somebody speak?",
    "Is anybody talking?", "Did you hear a voice?", "Was there any conversation?", "Has anything been said?",
    "Did a person speak?", "Did anyone talk?", "Anybody talking?", "Any voices?", "Any talk?", "Was anyone talking?",
    "Was anything said?", "Did anyone say a word?", "Did you hear anyone speak?", "Did you hear anybody talking?",
    "Have you heard any voices?", "Has somebody said something?", "Were there any voices?", "Is somebody speaking?",
    "Did you pick up any words?", "Has there been any talking?", "Did anybody open their mouth?",
)  # fmt: skip
