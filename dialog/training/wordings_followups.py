"""Ways to go on from an answer: who said so, when, where, how one knows, and what else there is."""

WHO = (
    "Who said that?", "Who said so?", "Who told you?", "Says who?", "Who was that?", "Who did you hear that from?",
    "From whom do you know?", "And who said that?", "Whose words are these?", "Who claims that?", "Who says that?",
    "Who says so?", "And who says that?", "And who told you?", "By whom was that said?", "According to whom?",
    "From whom is that?", "Who is that from?", "Who did that come from?", "Who was it that said so?",
    "Whose words were these?", "Tell me who said that.", "Which person said that?", "Who let you know?",
    "Who is your source?", "Who stated that?",
)  # fmt: skip

WHEN = (
    "When was that?", "When?", "And when?", "At what time?", "When did you hear that?", "When was that said?",
    "What time was that?", "When exactly?", "And when was that?", "And at what time?", "At what time was that?",
    "When exactly was that?", "What was the time?", "Since when do you know?", "Around when was that?",
    "When did that come up?", "Tell me when that was.", "When about?", "The time, please?", "What time, please?",
    "When did you get that?",
)  # fmt: skip

WHEN_SEEN = (
    "When was that?", "And when?", "When?", "At what time?", "What time was that?", "When exactly?",
    "When did you see that?", "And when was that?", "And at what time?", "At what time was that?",
    "When exactly was that?", "What was the time?", "Around when was that?", "When did that happen?",
    "Tell me when that was.", "The time, please?", "What time, please?", "When did you notice that?",
)  # fmt: skip

PLACE = (
    "Where was that said?", "Where did you hear that?", "In which place did you hear that?",
    "On which camera was that?", "Where was that picked up?", "Where was that?", "And where was that said?",
    "At which place was that?", "Where did that come up?", "Which camera heard that?", "Which microphone was that?",
    "In what place was that said?", "Where were they when they said that?", "Tell me where that was said.",
    "Whereabouts was that said?",
)  # fmt: skip

PLACE_SEEN = (
    "And where?", "Where was that?", "Where?", "On which camera?", "Which camera saw that?", "At which place?",
    "Where did you see that?", "And where was that?", "On which camera was that?", "Which camera was that?",
    "In which place was that?", "At what place was that?", "Where exactly?", "Where did that happen?",
    "Tell me where that was.", "Whereabouts?", "What camera was it on?",
)  # fmt: skip

EXACT = (
    "What were the exact words?", "What exactly was said?", "Word for word, please.", "Can you quote that?",
    "How was it put?", "Repeat the words.", "Quote it.", "The exact words, please.", "What were the words?",
    "What was said, exactly?", "What was it, word for word?", "How exactly was that said?", "Say it word for word.",
    "Could you quote that for me?", "Give me the exact words.", "Please quote the words.",
    "What was the exact wording?", "In which words was that said?",
)  # fmt: skip

SURE = (
    "Are you sure?", "Really?", "Is that true?", "Are you certain?", "Sure?", "Is that right?", "Is that so?",
    "Is that correct?", "Are you sure about that?", "Are you sure of that?", "Are you quite sure?", "For sure?",
    "Certain?", "You are sure?", "Is that certain?", "Can I rely on that?", "Do you mean that?",
)  # fmt: skip

WHY = (
    "Why do you think so?", "How do you know?", "How do you know that?", "What makes you say that?",
    "Where do you have that from?", "On what grounds?", "Why do you say that?", "How come you know that?",
    "How can you tell?", "What makes you think so?", "What makes you sure?", "What is that based on?",
    "On what do you base that?", "Why?", "Why is that?", "What is your evidence?", "How did you learn that?",
)  # fmt: skip

AGO = (
    "How long ago was that?", "How long ago?", "How long is that ago?", "Was that long ago?",
    "How much time has passed since then?", "How long has it been?", "And how long ago was that?",
    "How long since then?", "How long has it been since then?", "How many minutes ago was that?",
    "How long is it since then?", "How far back was that?", "Is that long ago?", "Was that a long time ago?",
    "Roughly how long ago?", "Tell me how long ago that was.",
)  # fmt: skip

OTHER = (
    "And {other}?", "What about {other}?", "And what about {other}?", "How about {other}?", "And for {other}?",
    "The same for {other}?", "And how about {other}?", "Now {other}.", "And now {other}?", "Then what about {other}?",
    "{Other}?", "What of {other}?", "And what of {other}?", "And with {other}?", "The same question for {other}.",
    "Now the same for {other}.", "And as for {other}?",
)  # fmt: skip

ELSE = (
    "What else did {who} {say}?", "What else did she {say}?", "What else did he {say}?",
    "Did {who} {say} anything else?", "What else did they {say}?", "Anything else from {who}?",
    "Was there more from {who}?", "And what else did {who} {say}?", "What else has {who} {done}?",
    "What else came from {who}?", "What more did {who} {say}?", "Is there more from {who}?",
    "Did {who} {say} something else?", "Has {who} {done} anything else?", "Anything more from {who}?",
    "What other things did {who} {say}?", "What else was there from {who}?",
)  # fmt: skip

BEFORE = (
    "And before that?", "What was said before that?", "And before?", "What came before that?",
    "And what was said earlier?", "What was the one before?", "And what was said before that?", "And the one before?",
    "What did they say before that?", "What was the sentence before?", "What was there before that?",
    "And just before that?", "And right before that?", "Before that, what was said?", "One before that?",
    "What was the thing before that?",
)  # fmt: skip

STILL = (
    "Is {it} still there?", "Still?", "Has {it} been moved?", "Is {it} there now?", "Did anybody move {it}?",
    "Is that still the case?", "Is {it} there still?", "Is {it} still there now?", "Is that still so?",
    "Is that still true?", "Does that still hold?", "Is {it} there at the moment?", "Would {it} still be there?",
    "Still there?", "Is that up to date?", "Did {it} stay there?",
)  # fmt: skip

NOTHING = (
    "Are you sure?", "Really?", "Nothing at all?", "Really nothing?", "Are you certain?", "Is that so?",
    "Are you quite sure?", "Is that right?", "Not at all?", "Sure?", "You really don't know?",
    "Are you sure about that?", "No idea at all?", "For sure?",
)  # fmt: skip

NEXT = (
    "And", "Now", "Something else:", "Another question:", "Okay,", "And now:", "Next:", "Another thing:",
    "Different question:", "And then:", "Also,", "One more:", "Then", "Now tell me:", "All right,", "On another note:",
)  # fmt: skip

ABOUT_IT = (
    "What did {who} say about it?", "Did anybody else mention it?", "Who else mentioned it?",
    "Who else talked about it?", "Has someone else spoken of it?", "And what did {who} say about it?",
    "What did {who} say on that?", "Did anyone else talk about it?", "Did someone else say something about it?",
    "Who else said something about it?", "Who else spoke of it?", "Has anybody else mentioned it?",
    "And who else mentioned it?", "What does {who} say about it?", "Was it mentioned by anybody else?",
)  # fmt: skip
