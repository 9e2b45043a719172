"""Ways to ask what was said about something, who said it and when.

`{thing}` stands for what it is about, `{was}` and `{has}` for its number, `{who}` for a speaker, `{told}` for a
claim within a sentence.
"""

ABOUT_BY = (
    "What did {who} {say} about {thing}?", "What did {who} tell us about {thing}?",
    "What was {who}'s message about {thing}?", "{Thing}: what did {who} {say}?",
    "Did {who} {say} anything about {thing}?", "What does {who} think about {thing}?",
    "Tell me what {who} {verb} about {thing}.", "What did we hear from {who} on {thing}?",
    "Has {who} mentioned {thing}?", "What were {who}'s words about {thing}?", "What has {who} to say about {thing}?",
    "What does {who} say about {thing}?", "What do we have from {who} about {thing}?", "{who} on {thing}?",
    "And {who}, what about {thing}?", "What was it {who} {verb} about {thing}?",
    "I missed what {who} {verb} about {thing}.", "Repeat what {who} {verb} about {thing}.", "Quote {who} on {thing}.",
    "What did {who} let us know about {thing}?", "Regarding {thing}, what did {who} {say}?",
    "What exactly did {who} {say} about {thing}?", "What came from {who} about {thing}?",
    "What did {who} {say} with regard to {thing}?", "I wonder what {who} {verb} about {thing}.",
    "Did {who} tell us anything about {thing}?",
)  # fmt: skip

ABOUT = (
    "What about {thing}?", "What do you know about {thing}?", "What was said about {thing}?",
    "Any news about {thing}?", "Tell me about {thing}.", "What did somebody say about {thing}?",
    "Is there anything about {thing}?", "What did they say about {thing}?", "{Thing}?",
    "Did you hear anything about {thing}?", "What have you heard about {thing}?", "What's the latest on {thing}?",
    "What is the story with {thing}?", "What came up about {thing}?", "What is known about {thing}?",
    "Anything on {thing}?", "Anything about {thing}?", "Any word on {thing}?", "Any news of {thing}?",
    "News on {thing}?", "What do we know about {thing}?", "What do you have on {thing}?", "What's up with {thing}?",
    "What's with {thing}?", "How about {thing}?", "What did people say about {thing}?",
    "What did you hear about {thing}?", "What is there to know about {thing}?", "What has been said about {thing}?",
    "What was it about {thing}?", "I need to know about {thing}.", "Tell me what you know about {thing}.",
    "Give me what you have on {thing}.", "I wonder what was said about {thing}.", "Regarding {thing}, what was said?",
    "As to {thing}, what do you know?", "Have you heard anything about {thing}?",
    "Do you know anything about {thing}?", "What information do you have about {thing}?",
)  # fmt: skip

WHO_CLAIMED = (
    "Who said that {told}?", "Who told us that {told}?", "Who claimed that {told}?",
    "From whom do we know that {told}?", "Who says {told}?", "Whose words were it that {told}?",
    "Who mentioned that {told}?", "Do you remember who said that {told}?", "Who was it that said {told}?",
    "Who reported that {told}?", "Who said {told}?", "Who let us know that {told}?", "Who told you that {told}?",
    "Who stated that {told}?", "Who says that {told}?", "By whom was it said that {told}?",
    "From whom did you hear that {told}?", "Which person said that {told}?", "Tell me who said that {told}.",
    "I wonder who said that {told}.", "Somebody said that {told}. Who?", "Who has said that {told}?",
    "Who announced that {told}?", "According to whom is it so that {told}?", "Who was the one to say that {told}?",
)  # fmt: skip

WHO_MENTIONED = (
    "Who talked about {thing}?", "Who mentioned {thing}?", "Who said something about {thing}?",
    "Who spoke about {thing}?", "Who brought up {thing}?", "Who knows about {thing}?",
    "Who was the last to mention {thing}?", "Who has talked about {thing}?", "Who told you about {thing}?",
    "By whom {was} {thing} mentioned?", "Who spoke of {thing}?", "Which person referred to {thing}?",
    "Who referred to {thing}?", "Who named {thing}?", "Who has mentioned {thing}?", "Who last mentioned {thing}?",
    "Who last talked about {thing}?", "Who was talking about {thing}?", "Who raised the subject of {thing}?",
    "Who was it that mentioned {thing}?", "Who was it that brought up {thing}?",
    "From whom did you hear about {thing}?", "Whom did you hear talk about {thing}?",
    "Which person talked about {thing}?", "Tell me who mentioned {thing}.", "I wonder who brought up {thing}.",
    "Somebody mentioned {thing}, who was it?", "Do you know who talked about {thing}?", "Who made mention of {thing}?",
    "Who touched on {thing}?",
)  # fmt: skip

WHEN_MENTIONED = (
    "When did somebody mention {thing}?", "When did you hear about {thing}?", "When {was} {thing} mentioned?",
    "When did they talk about {thing}?", "When was the last time that somebody mentioned {thing}?",
    "At what time did somebody talk about {thing}?", "When {was} {thing} talked about?", "When did {thing} come up?",
    "When did you last hear about {thing}?", "When did you hear of {thing}?", "What time was it when {thing} came up?",
    "When {was} {thing} last mentioned?", "When did anyone mention {thing}?", "When did somebody bring up {thing}?",
    "When {was} {thing} brought up?", "When did somebody speak about {thing}?", "When did {thing} last come up?",
    "{time} {was} {thing} mentioned?", "At what time {was} {thing} mentioned?", "At what time did {thing} come up?",
    "Around when {was} {thing} mentioned?", "When exactly {was} {thing} mentioned?", "Tell me when {thing} came up.",
    "I wonder when {thing} came up.", "Do you know when {thing} {was} mentioned?",
    "Somebody mentioned {thing}, when was it?", "Time when {thing} {was} mentioned?",
    "When was there talk of {thing}?",
)  # fmt: skip

AGO_MENTIONED = (
    "How long ago {was} {thing} mentioned?", "How long is it since somebody mentioned {thing}?",
    "How long ago did they talk about {thing}?", "How long has it been since {thing} came up?",
    "How recently did {thing} come up?", "How long ago did {thing} come up?",
    "How long ago did you hear about {thing}?", "How long since somebody mentioned {thing}?",
    "How many minutes ago {was} {thing} mentioned?", "How long ago did somebody mention {thing}?",
    "How much time has passed since {thing} {was} mentioned?", "Tell me how long ago {thing} came up.",
    "I wonder how long ago {thing} {was} mentioned.", "Was it long ago that {thing} came up?",
    "How far back {was} {thing} mentioned?",
)  # fmt: skip

MENTIONED = (
    "Did anybody mention {thing}?", "Did somebody talk about {thing}?", "Has anyone mentioned {thing}?",
    "Did {thing} come up?", "{Was} {thing} mentioned?", "Did anyone say anything about {thing}?",
    "Have they talked about {thing}?", "Did you hear somebody mention {thing}?", "{Has} {thing} been mentioned?",
    "Was there any talk of {thing}?", "Did anyone talk about {thing}?", "Did anyone bring up {thing}?",
    "Did somebody speak of {thing}?", "Has somebody talked about {thing}?",
    "Has anybody said something about {thing}?", "{Was} {thing} talked about?", "{Was} {thing} brought up?",
    "{Has} {thing} come up?", "Was there mention of {thing}?", "Was anything said about {thing}?",
    "Did you hear anyone talk about {thing}?", "Any mention of {thing}?", "Any talk of {thing}?",
    "Did they mention {thing}?", "Has there been any mention of {thing}?",
)  # fmt: skip

WHO_ASKED = (
    "Who asked about {thing}?", "Who was looking for {thing}?", "Who asked for {thing}?", "Who needs {thing}?",
    "Who wanted {thing}?", "Did anybody ask for {thing}?", "Who is after {thing}?", "Who enquired about {thing}?",
    "Who wants {thing}?", "Who was asking about {thing}?", "Who was asking for {thing}?",
    "Who is looking for {thing}?", "Who is searching for {thing}?", "Who inquired after {thing}?",
    "Who has asked about {thing}?", "Did somebody ask about {thing}?", "Did anyone ask for {thing}?",
    "Was anybody asking about {thing}?", "Which person asked about {thing}?", "Tell me who asked about {thing}.",
    "I wonder who asked about {thing}.", "Who put a question about {thing}?",
)  # fmt: skip
