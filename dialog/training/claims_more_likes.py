"""More ways to speak of what people like, need, may, do and are good at, and to ask for it."""

from __future__ import annotations

from collections.abc import Mapping

from dialog.training.claims_widen import More, more

MORE: Mapping[str, More] = {
    "food": more(
        asks="""{person}'s favourite food?|Favourite food of {person}?|what does {person} like eating|What's
        {person} into, food-wise?|Food for {person}?|What is it that {person} likes to eat?|Do you remember what
        {person} likes to eat?|What was it {person} likes to eat again?|What sort of food is {person} fond
        of?|Which food does {person} enjoy?|If I cook for {person}, what should it be?|I'm cooking for {person},
        what should I make?|What can I make for {person}?|What does {person} love to eat?|What's {person}'s
        favorite food?|What's {person}'s favourite dish?|Dinner for {person}, what should it be?|What food was
        {person} said to like?|What does {person} enjoy eating most?|What would {person} be happy to eat?|What
        should we get {person} to eat?|What did they say {person} likes to eat?|{person} likes which food?|Got to
        feed {person}, what goes down well?|What meal would please {person}?|Anything in particular that {person}
        likes to eat?|What kind of food does {person} like?|what shall I cook for {person} tonight|Which food goes
        down well with {person}?""",
        clauses="""what {person} would like to eat|what food {person} loves|what {person}'s favourite food is|what
        I can cook for {person}|what {person} enjoys eating|which dish makes {person} happy|what to serve
        {person}|what sort of food {person} is fond of|what {person}'s favorite food is""",
        checks="""Is {key} something {person} likes?|{person} likes {key}, right?|Does {person} enjoy {key}?|Is
        {person} fond of {key}?|Can I give {person} {key}?|Am I right that {person} likes {key}?|Is {person}'s
        favourite food {key}?|So {person} likes {key}?|Would {key} be good for {person}?""",
        says="""{person} really likes {food}.|For {person} it has to be {food}.|Oh, and {person} loves {food}, by
        the way.|{food} is what {person} likes best.|If you cook for {person}, make {food}.|Nothing beats {food}
        for {person}.|{person} is mad about {food}.|{person} is a big fan of {food}.""",
        mine="""What I like best is {food}.|For me it has to be {food}.|I'm a big fan of {food}.|I really like
        {food}.| Can we have {food}? It's my favourite."""),
    "dislike": more(
        asks="""What food should I keep away from {person}?|Which food is {person} not keen on?|What is it
        {person} doesn't like?|What food can't {person} stand?|Food {person} hates?|What should {person} not be
        served?|What doesn't {person} like to eat?|Do you remember what {person} doesn't like?|I'm cooking for
        {person}, what should I leave out?|Which dish should I not make for {person}?|What would {person} refuse
        to eat?|What does {person} dislike?|What was it that {person} hates to eat?|What food does {person} not
        want?|what won't {person} eat|What's {person}'s least favourite food?|What shouldn't I cook for
        {person}?|What did they say {person} can't stand?""",
        clauses="""what {person} doesn't eat|what {person} can't stand|which food {person} dislikes|what not to
        cook for {person}|what food {person} won't touch|what I should not serve {person}|what {person} dislikes""",
        says="""{person} isn't keen on {food}.|{person} won't touch {food}.|Oh, and {person} hates {food}.|No
        {food} for {person}, please.|{person} doesn't eat {food}.|{person} never liked {food}.""",
        mine="""I won't eat {food}.|I'm not keen on {food}.|I never liked {food}.|I don't eat {food}."""),
    "allergy": more(
        asks="""{person}'s allergy?|Any allergies, {person}?|Allergies of {person}?|What's {person} allergic
        to?|what was {person} allergic to again|Does {person} have an allergy?|Which allergies does {person}
        have?|What allergy does {person} have?|Do you remember what {person} is allergic to?|What is it that
        {person} is allergic to?|What is {person}'s allergy?|{person} is allergic to what?|To what is {person}
        allergic?|What should {person} stay away from because of an allergy?|Is there something {person} is
        allergic to?|What does {person} react to?| What did they say {person} is allergic to?|Is there an allergy
        I should know about with {person}?|What must I keep away from {person} because of the allergy?|Which
        allergy was mentioned for {person}?""",
        clauses="""what {person} reacts to|which allergy {person} has|what allergies {person} has|what {person}'s
        allergy is|what {person} must avoid because of an allergy|what it is that {person} is allergic to""",
        checks="""Does {person} have an allergy to {key}?|{person} is allergic to {key}, right?|Is {person}'s
        allergy to {key}?|Does {person} react to {key}?|Was it {person} who is allergic to {key}?|Am I right that
        {person} is allergic to {key}?""",
        says="""Just so you know, {person} is allergic to {allergen}.|{person} can't have {allergen}, it's an
        allergy.| {person}'s allergy, that's {allergen}.|{person} reacts badly to {allergen}, an allergy.""",
        mine="""I can't have {allergen}, I'm allergic.|My allergy is {allergen}.|Just so you know, I am allergic
        to {allergen}."""),
    "medicine": more(
        asks="""{person}'s medicine?|{person}'s dose?|What's {person}'s medicine?|What does {person} take, and
        when?|How much does {person} take?|What medication is {person} on?|What medication does {person}
        take?|Which medicine does {person} have to take?|what do I give {person}|What does {person} get from the
        doctor?|When and how much medicine does {person} get?|Do you remember what {person} has to take?|What was
        {person} supposed to take?|What medicine was {person} prescribed?|What time does {person} take the
        medicine?|What's the dose for {person}?|How much of the medicine is for {person}?|What medicine do I have
        to give {person}?|Which dose did they say for {person}?|What has the doctor prescribed for {person}?""",
        clauses="""what medicine {person} takes|how much medicine {person} gets|what {person}'s dose is|what the
        doctor ordered for {person}|which medication {person} is on|what I have to give {person}""",
        checks="""Has {person} got to take {key}?|Is {person}'s dose {key}?|{person} takes {key}, right?|Does
        {person} get {key}?|Was it {key} for {person}?""",
        says="""{person}'s medicine is {dose} {time}.|Don't forget, {person} takes {dose} {time}.|For {person}
        it's {dose} {time}.|{person} is on {dose} {time}.""",
        mine="""My medicine is {dose} {time}.|For me it's {dose} {time}.|Don't let me forget, I take {dose}
        {time}."""),
    "errand": more(
        asks="""{person}'s task?|{person}'s to-do?|{person}'s job for today?|Task for {person}?|what's {person}
        got to do|What has {person} got to do?|What did they ask {person} to do?|What was {person} told to
        do?|What's {person} meant to do?|What is it {person} has to do?|Do you remember what {person} has to
        do?|What was it that {person} should do?|What have we asked {person} to do?|What should I remind {person}
        of?|What does {person} still have to do?|What's on the list for {person}?|What is left for {person} to
        do?|What is {person} down for?|What's {person} expected to do?|What did {person} get to do?|What chore
        does {person} have?|Which chore is {person}'s?|Which errand is {person} on?|Which errand does {person}
        have to run?|What job did {person} get?|What's {person}'s turn to do?|What does {person} have on the list
        today?|{person} has to do what?|What was the thing {person} had to do?|What did somebody want {person} to
        do?|What is waiting for {person} to do?|What needs doing by {person}?""",
        clauses="""what {person} should do|what {person} was asked to do|what {person} needs to do|what {person}'s
        task is|what {person} has got to do|what {person} was told to do|what {person} is meant to do|what job
        {person} has today|which chore {person} has|what is on {person}'s list""",
        checks="""Should {person} {key}?|Was {person} asked to {key}?|Was {person} told to {key}?|Does {person}
        need to {key}?|{person} has to {key}, right?|Is it {person}'s job to {key}?|Is it up to {person} to
        {key}?|Is {person} meant to {key}?|Did they ask {person} to {key}?|Must {person} {key}?|Has {person} got
        to {key}?""",
        says="""{person} has got to {errand}.|{person} still needs to {errand}.|Somebody remind {person} to
        {errand}.| {person} promised to {errand}.|Oh, {person}, you have to {errand}, don't forget.|The one who
        has to {errand} is {person}.|{person}'s task today is to {errand}.|{person}'s job is to {errand}.|I want
        {person} to {errand}.| {person} is supposed to {errand}.|Make sure that {person} doesn't forget to
        {errand}.""",
        mine="""I've got to {errand}.|I promised to {errand}.|I'm supposed to {errand}.|I was asked to
        {errand}.|Don't let me forget to {errand}.|It's my turn to {errand}."""),
    "drink": more(
        asks="""{person}'s drink?|{person}'s order?|Drink for {person}?|What's {person} drinking?|what's {person}
        having to drink|What will {person} drink?|What did {person} ask for?|Which drink did {person} order?|What
        drink does {person} want?|What can I get {person} to drink?|What shall I pour {person}?|What was
        {person}'s order?|Do you remember what {person} ordered?|What was it {person} wanted to drink?|What does
        {person} fancy to drink?|What did {person} want to drink?|What was ordered for {person}?|What do I make
        {person} to drink?| For {person}, which drink?|Which drink should I bring {person}?|What's the drink order
        for {person}?""",
        clauses="""what {person} is having to drink|which drink {person} wants|what drink {person} asked for|what
        to bring {person} to drink|what {person} wants to drink|which drink is for {person}|what {person}'s order
        was""",
        checks="""Does {person} want {key}?|{person} ordered {key}, right?|Was it {key} for {person}?|Is {person}
        having {key}?|Did {person} ask for {key}?|Is {person}'s order {key}?|So for {person} it's {key}?|Do I
        bring {person} {key}?""",
        says="""For {person} it's {drink}.|{person} is having {drink}.|{person} asked for {drink}.|And {drink} for
        {person}.|{person} takes {drink}, please.|Get {person} {drink}, would you?""",
        mine="""For me {drink}, please.|I'd like {drink}, please.|Can I get {drink}?|I'm having {drink}.|I'd love
        {drink}."""),
    "allowed": more(
        asks="""What can {person} do with permission?|What did they allow {person} to do?|What is {person}
        permitted to do?|What was {person} allowed to do?|What has {person} been allowed to do?|what's {person}
        allowed to do|What does {person} have leave to do?|What did they let {person} do?|{person} is allowed to
        do what?|{person}'s permission?|What permission does {person} have?|What's {person} got permission for?|Do
        you remember what {person} may do?|What was it {person} may do?|What's fine for {person} to do?|What can
        we let {person} do?""",
        clauses="""what {person} is permitted to do|what {person} has permission for|what {person} can do with
        permission|what they allowed {person} to do|what {person} was allowed to do|which permission {person} has""",
        checks="""Is {person} permitted to {key}?|Is it OK for {person} to {key}?|Is it fine if {person} wants to
        {key}?| Does {person} have permission to {key}?|{person} may {key}, right?|Was {person} allowed to
        {key}?|Do we let {person} {key}?""",
        says="""It's fine for {person} to {permitted}.|{person} has permission to {permitted}.|They let {person}
        {permitted}.|It's OK, {person} may {permitted}.""",
        mine="""I have permission to {permitted}.|They said I can {permitted}.|I was told I may {permitted}."""),
    "forbidden": more(
        asks="""What can't {person} do?|What may {person} not do?|What isn't {person} allowed to do?|What was
        {person} told not to do?|What did they forbid {person} to do?|What's off limits for {person}?|what mustn't
        {person} do| What is {person} not permitted to do?|What should {person} not do?|What is {person} not
        supposed to do?|Do you remember what {person} must not do?|What was it {person} is not allowed to do?|What
        has been forbidden to {person}?|{person} is not allowed to do what?|What must we stop {person} from doing?""",
        clauses="""what {person} may not do|what {person} isn't allowed to do|what is forbidden to {person}|what
        {person} can't do|what {person} was told not to do|what {person} mustn't do|what is off limits for
        {person}""",
        says="""{person} may not {permitted}.|{person} isn't allowed to {permitted}.|Nobody lets {person}
        {permitted}, it's forbidden.|I told {person} not to {permitted}.""",
        mine="""I must not {permitted}.|I am not allowed to {permitted}.|They told me not to {permitted}."""),
    "hobby": more(
        asks="""{person}'s hobby?|What's {person}'s hobby?|what does {person} do in the spare time|What does
        {person} like doing in the evenings?|Hobbies of {person}?|What is {person} into?|What hobby does {person}
        have?|What are {person}'s evenings spent on?|What does {person} do when off work?|What does {person} do
        after work for fun?|Do you remember what {person}'s hobby is?|What was {person}'s hobby again?|What does
        {person} get up to at weekends?|What does {person} do in free time?|What's {person}'s pastime?|How does
        {person} spend the evenings?|What did they say {person} does for fun?|Does {person} have a hobby?""",
        clauses="""what {person} does in the evenings|what hobby {person} has|what {person} does at weekends|how
        {person} spends the spare time|what {person}'s pastime is|what {person} is into""",
        says="""For fun {person} {hobby}.|{person} {hobby} in the spare time.|After work {person} {hobby}.|I heard
        that {person} {hobby}."""),
    "language": more(
        asks="""{person}'s language?|Language of {person}?|What's {person}'s language?|what language does {person}
        understand|Which language do I speak with {person}?|Which language does {person} understand?|What language
        should I use with {person}?|How do I talk to {person}, in which language?|What tongue does {person}
        speak?|What language can {person} speak?|Do you remember which language {person} speaks?|What was the
        language that {person} speaks?|What language is {person} comfortable in?|In what language do we write to
        {person}?|{person} speaks which language?|What languages does {person} know?""",
        clauses="""what language {person} speaks|which language {person} understands|what {person} speaks|which
        language I can use with {person}|what {person}'s language is|in what language to write to {person}""",
        checks="""Can {person} speak {key}?|{person} speaks {key}, right?|Does {person} understand {key}?|Is
        {person}'s language {key}?|Can I talk to {person} in {key}?|Does {person} know {key}?""",
        says="""{person} knows {language}.|With {person} you have to speak {language}.|{person} is fluent in
        {language}.| {person}'s language is {language}.""",
        mine="""I'm fluent in {language}.|My language is {language}.|I only understand {language}."""),
    "mood": more(
        asks="""{person}'s mood?|How's {person}?|How's {person} doing?|how is {person} feeling today|What's
        {person}'s mood?|What's up with {person}?|How are things with {person}?|What state is {person} in?|In what
        mood is {person}?|How does {person} seem?|Do you remember how {person} feels?|How was {person}
        feeling?|What did they say about how {person} feels?|What's {person}'s mood like?|Is {person} OK?|How did
        {person} seem?|How was {person} said to be?|What is {person}'s mood today?""",
        clauses="""how {person} is feeling|how {person} is doing|what mood {person} is in|what is the matter with
        {person}|how {person} seems|what {person}'s mood is""",
        checks="""Does {person} seem {key}?|{person} is {key}, right?|Is it so that {person} is {key}?|Is it true
        that {person} is {key}?|Was {person} {key}?|Did they say {person} is {key}?""",
        says="""I think {person} is {mood}.|Be nice, {person} is {mood}.|{person} told me about being
        {mood}.|{person} is a bit {mood}.""",
        mine="""Honestly, I'm {mood}.|I'm quite {mood}.|I've been {mood} all day."""),
    "size": more(
        asks="""{person}'s size?|Size for {person}?|What's {person}'s size?|what size is {person}|Which size is
        {person}?|What size do I get for {person}?|What size should I order for {person}?|Which size does {person}
        wear?|Which size fits {person}?|What size fits {person}?|Do you remember {person}'s size?|What was
        {person}'s size again?|What size was it for {person}?|In which size do we need it for {person}?|{person}
        wears which size?|What size did they give for {person}?""",
        clauses="""what size {person} needs|which size {person} wears|what {person}'s size is|what size to buy for
        {person}|which size fits {person}|what size {person} is""",
        checks="""Is {person} size {key}?|Is {person}'s size {key}?|{person} wears size {key}, right?|Does
        {person} need size {key}?|Do I order size {key} for {person}?|Does size {key} fit {person}?""",
        says="""For {person} get size {size}.|{person} is a size {size}.|{person}'s size? That's {size}.|Order
        {person} size {size}.""",
        mine="""I'm a size {size}.|For me it's size {size}.|Please get me size {size}."""),
    "duty": more(
        asks="""{the}, who is that?|Who's in charge of {the}?|Who's responsible for {the}?|who looks after {the}
        this week|Who's on {the}?|Who do I ask about {the}?|Who do I talk to about {the}?|Who has to see to
        {the}?|Who's the person for {the}?|Who's looking after {the}?|Whose job {be} {the}?|Whose responsibility
        {be} {the}?|Who was put in charge of {the}?|Who runs {the}?|Who's taking care of {the}?|To whom do I turn
        about {the}?|Do you remember who takes care of {the}?|Who was it that handles {the}?|Who is the contact
        for {the}?|Which of us does {the}?|By whom {be} {the} handled?|Who deals with {the}?|Who should I see
        about {the}?|Who was going to take care of {the}?|Which person handles {the}?""",
        clauses="""who handles {the}|who is responsible for {the}|who looks after {the}|who does {the}|who to ask
        about {the}|whose job {the} {be}|who deals with {the}|who's in charge of {the}""",
        checks="""Is {the} handled by {key}?|Is it {key} who takes care of {the}?|{key} is in charge of {the},
        right?|Do I ask {key} about {the}?|Is the person responsible for {the} {key}?|Was it {key} who looks after
        {the}?|Does {key} take care of {the}?""",
        says="""{person} looks after the {duty}.|{person} does the {duty}.|Go and see {person} about the
        {duty}.|If it's about the {duty}, talk to {person}.|{person} is the one for the {duty}.|The {duty}, that's
        {person}.""",
        mine="""I'm responsible for the {duty}.|I look after the {duty}.|The {duty}, that's me.|I do the {duty}
        this week."""),
}  # fmt: skip
"""More wordings by the name of the sort of claim."""
