"""More ways to speak of where things are, whose they are, what they cost and measure, and to ask for it."""

from __future__ import annotations

from collections.abc import Mapping

from dialog.training.claims_widen import More, more

MORE: Mapping[str, More] = {
    "where": more(
        asks="""{the}, where?|where's {the}|where {be} {the} again|Where did {the} go?|Where {have} {the}
        gone?|Where did I leave {the}?|Where did I put {the}?|Where did we leave {the}?|Where {have} {the} been
        left?| Where {have} {the} been put?|Where can {the} be found?|Where might {the} be?|Where could {the}
        be?|Where did they say {the} {be}?|Where did you hear {the} {be}?|I'm looking for {the}, any idea?|I've
        lost {the}, where {be} {they}?|I can't find {the}, any idea?|Got any idea where {the} {be}?|Do you
        remember where {the} {be}?|Do you remember where {the} {was} put?|Where {was} {the} put?|Where {was} {the}
        left?|Where {was} {the} again?|Where {be} {the} supposed to be?|Whereabouts {be} {the}?|Location of
        {the}?|{the} {be} where?|Where on earth {be} {the}?|Have you seen {the}?|Where should I go to get
        {the}?|Where do I go for {the}?|Where would I find {the}?|Someone needs {the}, where {be} {they}?|Where
        was it that they left {the}?|Where was it that {the} {was} put?|Could you help me find {the}?|Where have
        they put {the}?|Where has somebody put {the}?""",
        clauses="""where {the} {was} left|where {the} {was} put|where they put {the}|where {the} might be|where I
        left {the}|where {the} can be found|where somebody left {the}|where {the} went|where one finds {the}|where
        {the} {was} last seen|where to find {the}""",
        checks="""{Was} {the} left {key}?|{Was} {the} put {key}?|Can I find {the} {key}?|Do I find {the}
        {key}?|Did someone leave {the} {key}?|Did somebody put {the} {key}?|Should I look for {the} {key}?|So
        {the} {be} {key}?|{the} {be} {key}, right?|{Have} {the} been left {key}?|Is it right that {the} {be}
        {key}?|Would {the} be {key}?""",
        says="""{the}, {spot}.|Oh, and the {thing} {be} {spot}.|The {thing}? Look {spot}.|The {thing}, I put
        {them} {spot}.|The {thing} {was} {spot} when I looked.|I noticed the {thing} {spot}.|Somebody put the
        {thing} {spot}.|The {thing} can be found {spot}.|{the} {be} {spot}, by the way.|You left the {thing}
        {spot}.|Somebody has put the {thing} {spot}.|I'm sure the {thing} {be} {spot}."""),
    "not where": more(
        asks="""Where {be} {the} definitely not?|Where should I not look for {the}?|Where did they not find
        {the}?|Where have they looked for {the} already?|Where {have} {the} not been found?|{the}, where {be}
        {they} not?|Where need I not look for {the}?|Where is it no use looking for {the}?|Which place was checked
        for {the} without luck?""",
        clauses="""where {the} definitely {be} not|where not to look for {the}|where they did not find {the}|which
        place has been ruled out for {the}|where {the} {was} not found""",
        says="""The {thing}? Certainly not {spot}.|Wherever the {thing} {be}, {they} {be} not {spot}.|I looked for
        the {thing}, not {spot}."""),
    "holder": more(
        asks="""{the}, who has {them}?|who's got {the} now|Who's taken {the}?|Who's got {the} at the moment?|Who
        has got {the}?|Who picked up {the}?|Who {was} {the} given to?|To whom {was} {the} given?|Who did they give
        {the} to?|Who did somebody lend {the} to?|Who has taken {the}?|Who was it that took {the}?|Do you remember
        who has {the}?|With whom can I find {the}?|Who do I ask for {the}?|Who should I ask for {the}?|Who's
        keeping {the}?|Who is keeping {the}?|I need {the}, who has {them}?|Looking for {the}, who took
        {them}?|Who'd have {the}?|By whom {was} {the} taken?|Who's carrying {the}?|Which of us has {the}?|{the}
        {be} with whom?|Who might have {the}?""",
        clauses="""who {the} {was} given to|who I should ask for {the}|who's got {the}|with whom {the} {be}|who
        has taken {the}|who picked up {the}|who borrowed {the}|who is keeping {the}""",
        checks="""Does {key} have {the}?|Was it {key} who took {the}?|{key} has {the}, right?|Did {key} take
        {the}?|Has {key} got {the}?|{Was} {the} given to {key}?|Is the one who has {the} {key}?|Do I ask {key} for
        {the}?""",
        says="""{person}'s got the {thing}.|The {thing} {be} with {person}.|{person} has taken the {thing}.|I
        handed the {thing} to {person}.|I've given the {thing} to {person}.|{person} walked off with the
        {thing}.|The {thing}? {person} has {them}.|{person} is holding on to the {thing}.""",
        mine="""The {thing} {be} with me.|I'm holding on to the {thing}.|I picked up the {thing}.|I've borrowed
        the {thing}."""),
    "owner": more(
        asks="""{the}, whose?|whose {be} {the}|Who'd be the owner of {the}?|Who's the owner of {the}?|Whose
        {thing} {was} that?|Owner of {the}?|Who should get {the} back?|Which person owns {the}?|To whom should I
        return {the}?|Who do I give {the} back to?|Do you remember whose {the} {be}?|Do you remember who owns
        {the}?|Whose did they say {the} {be}?|{the} belong{s} to whom?|By whom {be} {the} owned?|Who was it that
        owns {the}?|Whose {be} {the} again?|That {thing}, whose {be} {they}?|Who does own {the}?""",
        clauses="""whose {the} {be}|to whom {the} belong{s}|who the owner of {the} is|who should get {the}
        back|which person owns {the}|who {the} {be} owned by|whose property {the} {be}""",
        checks="""Does {key} own {the}?|Is it {key} who owns {the}?|{the} belong{s} to {key}, right?|{Be} {the}
        owned by {key}?|Should I give {the} back to {key}?""",
        says="""The owner of the {thing} is {person}.|The {thing}? Belongs to {person}.|That's {person}'s, the
        {thing}.| Give the {thing} back to {person}, the owner.""",
        mine="""I own the {thing}.|The {thing}? That's mine.|Please give me back the {thing}, {they} belong{s} to
        me."""),
    "lost": more(
        asks="""Where {have} {the} been lost?|where did {the} get lost|Where did somebody drop {the}?|Where did
        {the} disappear?|Where did they say {the} {was} lost?|Where must {the} have been lost?|Where was it that
        {the} {was} lost?|Do you remember where {the} {was} lost?|{the} {was} lost where?|In what spot {was} {the}
        lost?|Whereabouts {was} {the} lost?""",
        clauses="""where {the} got lost|where {the} {was} dropped|where somebody lost {the}|where {the} must have
        been lost|where somebody dropped {the}|where {the} disappeared""",
        checks="""{Was} {the} lost {key}?|Did someone drop {the} {key}?|{Was} {the} dropped {key}?|{the} {was}
        lost {key}, right?|Did {the} get lost {key}?|Did {the} go missing {key}?""",
        says="""{person} thinks the {thing} got lost {spot}.|{person}'s {thing}? Lost {spot}.""",
        mine="""My {thing} got lost {spot}.|I dropped the {thing} {spot}."""),
    "found": more(
        asks="""where did {the} turn up|Where {have} {the} turned up?|Where did someone find {the}?|Where did they
        come across {the}?|In which place {was} {the} found?|In what spot did they find {the}?|Where was it that
        {the} {was} found?|Do you remember where {the} {was} found?|{the} {was} found where?|Where {was} {the}
        discovered?|Where did somebody come across {the}?|Whereabouts {was} {the} found?""",
        clauses="""where somebody found {the}|where they found {the}|in which place {the} {was} found|where they
        came across {the}|where {the} {have} been found|where {the} {was} discovered""",
        checks="""{Was} {the} found {key}?|Did {the} turn up {key}?|Did they find {the} {key}?|{the} {was} found
        {key}, right?|{Have} {the} been found {key}?|Did someone come across {the} {key}?""",
        says="""{person} came across the {thing} {spot}.|{person} has found the {thing} {spot}.|Guess what,
        {person} found the {thing} {spot}.""",
        mine="""I came across the {thing} {spot}.|I have found the {thing} {spot}.|The {thing}, I found {them}
        {spot}."""),
    "broken": more(
        asks="""{the}, what's wrong?|what's wrong with {the}|What's wrong with {the}?|What's the problem with
        {the}?|Does {the} work all right?|Is {the} OK?|Is {the} broken?|Is there a problem with {the}?|Is there
        anything wrong with {the}?|Is there something the matter with {the}?|Problem with {the}?|State of
        {the}?|What did they say is wrong with {the}?|What trouble is there with {the}?|What does {the} do
        wrong?|What's going on with {the}?|What needs fixing about {the}?|What's the state of {the}?|Do you
        remember what's wrong with {the}?|What was the problem with {the}?|What was wrong with {the} again?|Is
        {the} usable?|Is {the} in working order?|Why do we need somebody to look at {the}?|Why can't I use
        {the}?|What do I tell the repair people about {the}?|What's the fault with {the}?| What fault was reported
        for {the}?""",
        clauses="""what's wrong with {the}|what the matter with {the} is|what is going on with {the}|whether {the}
        is all right|whether {the} is in order|what fault {the} has|what needs fixing about {the}|what happened to
        {the}|what trouble there is with {the}""",
        says="""That {device} {broken}.|Oh no, the {device} {broken}.|The {device}? Well, it {broken}.|I tried the
        {device}, it {broken}.|Don't use the {device}, it {broken}.|Call somebody about the {device}, it
        {broken}.|I'm telling you, the {device} {broken}."""),
    "colour": more(
        asks="""{the}, what colour?|Colour of {the}?|Color of {the}?|what colour is {the}|what color's {the}|What
        colour was {the}?|What was the colour of {the}?|What color does {the} have?|Which colour is {person}'s
        {owned}?|What's the colour of {person}'s {owned}?|What's the color of {the}?|What shade is {the}?|Do you
        remember the colour of {the}?|Do you remember what colour {the} is?|What colour is it that {the} has?|What
        colour did they say {the} is?| How do I recognize {the}?|How would you describe {the}?|In which colour is
        {the}?|{the} is what colour?|{person} has a {owned} of which colour?|Which colour did {person} choose for
        the {owned}?|I'm looking for {the}, what colour is it?|By what colour do I know {the}?|What does {the}
        look like, colour-wise?|Tell me the colour of {the}.""",
        clauses="""what color {the} is|which colour {the} is|what the colour of {the} is|what shade {the} is|of
        what colour {the} is|how to recognise {the}|what colour {person}'s {owned} has|what colour {the} was""",
        checks="""{the} is {key}, right?|Is the colour of {the} {key}?|Does {person} have a {owned} that is
        {key}?|Is {person}'s {owned} {key}?|Was {the} {key}?|Is it true that {the} is {key}?|So {the} is {key}?|Is
        the color of {the} {key}?|Would {the} be {key}?""",
        says="""{person}'s {owned}? It's {colour}.|{person} got a {colour} {owned}.|The {owned} of {person}'s is
        {colour}.|{person} chose {colour} for the {owned}.|Look out for a {person} now has a {colour} {owned}.""",
        mine="""My {owned} is the {colour} one.|I chose {colour} for my {owned}.|I've got a {colour} {owned}.|Look
        out for my {colour} {owned}."""),
}  # fmt: skip
"""More wordings by the name of the sort of claim."""
