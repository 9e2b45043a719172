"""More ways to speak of appointments, travel, deliveries and visits, and to ask for them."""

from __future__ import annotations

from collections.abc import Mapping

from dialog.training.claims_widen import More, more

MORE: Mapping[str, More] = {
    "when": more(
        asks="""{the}, when?|when's {the}|When's {the} again?|When was {the} again?|What time's {the}?|what time
        is {the}|Time of {the}?|When does {the} kick off?|When do we start {the}?|When is {the} on?|When is {the}
        happening?|When is {the} going to be?|When are we having {the}?|When have we got {the}?|When do I have to
        be at {the}?|When should I be at {the}?|By when must I be at {the}?|When did they say {the} is?|What time
        did they say for {the}?|What day and time is {the}?|What's the time of {the}?|When is {the} due to
        start?|What time does {the} start?|What time does {the} begin?|Do you remember when {the} is?|When was it
        that {the} starts?|When has {the} been scheduled?|For what time is {the} set?|For when is {the}
        scheduled?|{the} is when?|{the} starts when?|When can I expect {the} to start?|I don't want to miss {the},
        when is it?|Tell me when {the} is, please.|When exactly is {the}?|How long until {the}?|When do I go to
        {the}?|Any idea when {the} is?|Did they give a time for {the}?""",
        clauses="""when {the} begins|when we have {the}|when {the} will be|when {the} is going to be|when {the} is
        scheduled|what time {the} starts|for when {the} is planned|at what time {the} is|when {the} is on|when
        exactly {the} is|when I have to be at {the}|when {the} kicks off""",
        checks="""Does {the} begin {key}?|Does {the} take place {key}?|{the} is {key}, right?|Is {the} scheduled
        {key}?|Was {the} {key}?|Do we have {the} {key}?|So {the} is {key}?|Have they put {the} {key}?|Is it
        correct that {the} is {key}?|Will {the} be {key}?|Is {the} still {key}?""",
        says="""The {appointment}'s {when}.|The {appointment}, that's {when}.|Oh, the {appointment} is {when}, by
        the way.|The {appointment}? It's {when}.|We're having the {appointment} {when}.|The {appointment} is going
        to be {when}.|They've put the {appointment} {when}.|Remember the {appointment} {when}.|Everybody please
        come to the {appointment} {when}.|The {appointment} is set, {when}.|It's {when}, the {appointment}.|You
        have the {appointment} {when}.|See you at the {appointment} {when}."""),
    "cancelled": more(
        asks="""is {the} still on|{the}, is it still on?|Is {the} happening?|Does {the} still take place?|Is {the}
        going ahead?|Is {the} going to happen?|Has {the} been cancelled?|Did they cancel {the}?|Was {the}
        cancelled?|Was {the} called off?|Has {the} been called off?|Are we still having {the}?|What about {the},
        is it on?|Any news about {the}?|What's the status of {the}?|Do I still have to go to {the}?|What did they
        say about {the}, does it take place?|Will there be {the}?""",
        clauses="""whether {the} is still on|whether {the} is cancelled|whether {the} will happen|whether {the}
        goes ahead|whether they cancelled {the}|whether {the} has been called off""",
        says="""No {appointment} after all, the {appointment} is cancelled.|The {appointment} was
        cancelled.|They've cancelled the {appointment}.|The {appointment}? That's cancelled."""),
    "venue": more(
        asks="""{the}, where?|{the}, which room?|where's {the}|Where's {the}?|Room for {the}?|What room is {the}
        in?|What room is {the}?|Which room for {the}?|Where's {the} being held?|Where do we meet for {the}?|Where
        do I go for {the}?|Where are we having {the}?|Where was {the} moved to?|Where's {the} going to be?|Where
        did they say {the} is?|Where should I go for {the}?|What place is {the} at?|Do you remember where {the}
        is?|Where was {the} again?|In what room do we have {the}?|{the} is where?|Where is {the} happening?|Where
        has {the} been moved?|What's the venue of {the}?""",
        clauses="""where {the} will be|where {the} is held|in which room {the} is|where to go for {the}|what room
        {the} is in|where we have {the}|what the venue of {the} is|where {the} was moved to""",
        checks="""{the} is {key}, right?|Is {the} held {key}?|Do we have {the} {key}?|Will {the} be {key}?|Has
        {the} been moved, is it {key}?|Do I have to go to {the} {key}?|Did they say {the} is {key}?""",
        says="""The {appointment}'s {roomno}.|We have the {appointment} {roomno}.|For the {appointment} we meet
        {roomno}.|The {appointment}, that's {roomno}.|The {appointment} is held {roomno}."""),
    "subject": more(
        asks="""{the}, what about?|what's {the} about|What's {the} about?|Topic of {the}?|What's the topic of
        {the}?|What's the subject of {the}?|What is the subject of {the}?|What do we talk about at {the}?|What are
        we discussing at {the}?|What is discussed in {the}?|What was {the} going to be about?|What's on the agenda
        of {the}?|What is being talked about at {the}?|Do you remember what {the} is about?|What did they say
        {the} is about?|{the} is about what?|About what is {the}?|For what do we have {the}?""",
        clauses="""what the subject of {the} is|what they talk about at {the}|what will be discussed at {the}|what
        {the} was about|what is on the agenda of {the}|why there is {the}""",
        checks="""Is the topic of {the} {key}?|{the} is about {key}, right?|Do they talk about {key} at {the}?|Is
        {key} the topic of {the}?|Will they discuss {key} at {the}?|Was {the} about {key}?""",
        says="""The {appointment} deals with {subject}.|We need the {appointment} to talk about {subject}.|The
        subject of the {appointment} is {subject}.|The {appointment}, that's about {subject}."""),
    "platform": more(
        asks="""{the}, which platform?|which platform for {city}|Platform for {the}?|What platform is {the}?|Which
        platform is {the} on?|Which platform do I need for {the}?|What platform for {city}?|What platform for
        {the}?|Where does {the} go from?|Where does {the} depart from?|Which platform does {the} leave from?|Where
        do I board {the}?|At what platform do I wait for {the}?|Do you remember the platform for {the}?|What was
        the platform for {the}?|What track is {the} on?|From what platform does {the} go?|The platform of {the},
        please?|Where do I have to go for {the}?|{the} goes from which platform?""",
        clauses="""which platform {the} leaves from|what platform {the} is on|which platform I need for
        {the}|where to catch {the}|from which platform {the} goes|where to board {the}""",
        checks="""Is {the} on {key}?|{the} leaves from {key}, right?|Does {the} go from {key}?|Do I catch {the} on
        {key}?|Is it {key} for {the}?|Does {the} depart from {key}?""",
        says="""The train to {city} departs from platform {platform}.|You catch the train to {city} on platform
        {platform}.|The train to {city}, that's platform {platform}.|It's platform {platform} for the train to
        {city}."""),
    "train": more(
        asks="""{the}, when?|when's {the}|What time's {the}?|Departure of {the}?|When does {the} depart?|What time
        does {the} go?|What time does {the} leave?|What time does {the} depart?|When's {the} leaving?|When is
        {the} leaving?|When is the departure of {the}?|When do I have to catch {the}?|When does the train for
        {city} leave?|When's the train to {city}?|Do you remember when {the} leaves?|When was {the} again?|At what
        time is {the}?|{the} leaves when?|When do we take {the}?""",
        clauses="""when {the} goes|what time {the} leaves|when {the} departs|at what time {the} leaves|when the
        train for {city} leaves|when we take {the}""",
        checks="""Does {the} go {key}?|{the} leaves {key}, right?|Does {the} depart {key}?|Is {the} {key}?|Do we
        take {the} {key}?|Is {the} leaving {key}?""",
        says="""The train to {city} departs {time}.|There's a train to {city}, it leaves {time}.|The train to
        {city} is {time}.|Our train to {city} goes {time}."""),
    "delay": more(
        asks="""{the}, delayed?|is {the} late|Is {the} late?|Delay of {the}?|By how much is {the} delayed?|How big
        is the delay of {the}?|How many minutes is {the} delayed?|How much later is {the}?|What's the delay of
        {the}?|What's the delay on {the}?|How long do we wait for {the} because of the delay?|By how many minutes
        is {the} late?|Is there a delay for {the}?|How late did they say {the} is?|Do you remember how late {the}
        is?|{the} is how late?|How late will {the} be?""",
        clauses="""how many minutes late {the} is|what delay {the} has|whether {the} is delayed|by how much {the}
        is delayed|how late {the} will be|whether there is a delay for {the}""",
        checks="""Is the delay of {the} {key}?|Is {the} late by {key}?|Is {the} delayed by {key}?""",
        says="""The train to {city} is delayed by {number} minutes.|The train to {city} has a delay of {number}
        minutes.|We wait {number} minutes longer for the train to {city}.|The train to {city} is running {number}
        minutes late."""),
    "flight": more(
        asks="""{the}, landing when?|when's {the} landing|When's {the} due in?|Arrival of {the}?|When is {the}
        landing?|When's {the} coming in?|What time's {the} due?|When does {the} get in?|When does {the} touch
        down?|When do I pick somebody up from {the}?|What time will {the} land?|At what time is {the}
        expected?|When will {the} be here?|Do you remember when {the} lands?|When was {the} landing again?|{the}
        lands when?|What's the arrival time of {the}?|When is the landing of {the}?""",
        clauses="""what time {the} lands|when {the} comes in|when {the} is expected|when {the} gets in|at what
        time {the} arrives|when {the} is due""",
        checks="""Does {the} arrive {key}?|{the} lands {key}, right?|Is {the} due {key}?|Does {the} come in
        {key}?|Is {the} expected {key}?|Will {the} land {key}?""",
        says="""Flight {flight} gets in {time}.|Flight {flight} arrives {time}.|We pick them up, flight {flight},
        landing {time}.|Flight {flight} is due {time}."""),
    "gate": more(
        asks="""{the}, which gate?|which gate for {the}|Gate of {the}?|Gate for {the}?|What's the gate for
        {the}?|What gate is {the}?|What gate does {the} leave from?|Which gate does {the} go from?|Which gate is
        it for {the}?|Where do I board {the}?|Where do I have to go for {the}?|To which gate do I go for {the}?|At
        which gate is {the} boarding?|Where is the boarding for {the}?|Do you remember the gate of {the}?|What was
        the gate of {the} again?|{the} boards where?|Which gate was announced for {the}?""",
        clauses="""which gate {the} leaves from|what gate {the} is at|which gate I need for {the}|at which gate
        {the} boards|what the gate of {the} is|where to go for {the}""",
        checks="""Is {the} at {key}?|{the} leaves from {key}, right?|Does {the} board at {key}?|Is it {key} for
        {the}?|Do I go to {key} for {the}?|Does {the} go from {key}?""",
        says="""Flight {flight} is boarding at gate {gate}.|For flight {flight} go to gate {gate}.|It's gate
        {gate} for flight {flight}.|Flight {flight} goes from gate {gate}."""),
    "own flight": more(
        asks="""{the}, when?|when's {the}|When's {the}?|When does {person} take off?|When is {person}
        flying?|When's {person} flying?|What time does {person} fly?|When does the plane of {person} go?|What time
        does {the} leave?|When is {person}'s plane leaving?|When must {person} catch a flight?|When does {person}
        have to catch the plane?|Do you remember when {person} flies?|When was {the} again?|{person} flies
        when?|When will {person} take off?|Departure of {the}?""",
        clauses="""what time {the} leaves|when {the} is|when {person}'s plane leaves|when {person} takes off|at
        what time {person} flies|when {person} has to catch the plane""",
        checks="""Does {person} fly {key}?|{person} flies {key}, right?|Is {the} {key}?|Does {person}'s plane
        leave {key}?|Will {person} take off {key}?|Has {person} got a flight {key}?""",
        says="""{person}'s plane leaves {when}.|{person}'s flight is {when}.|{person} has to catch a plane
        {when}.|{person} takes off {when}.""",
        mine="""My flight is {when}.|I'm flying {when}.|I take off {when}."""),
    "trip": more(
        asks="""{person}'s destination?|where's {person} going|Where's {person} off to?|Where is {person} off
        to?|Where's {person} headed?|Where is {person} flying to?|Where does {person} travel?|Where is {person}'s
        trip to?|To which city is {person} going?|What city does {person} travel to?|Which city will {person}
        visit?|Where did {person} book a trip to?|Where has {person} booked a trip to?|What is the destination of
        {person}'s trip?|What town is {person} going to?|Do you remember where {person} is travelling to?|Where
        was {person} going again?|{person} is going where?|To where is {person} travelling?""",
        clauses="""where {person} is travelling to|which city {person} is going to|what {person}'s destination
        is|where {person}'s trip goes|where {person} is off to|where {person} is headed|to which city {person}
        travels""",
        checks="""Is {person} travelling to {key}?|{person} is going to {key}, right?|Does {person} travel to
        {key}?|Is {person}'s destination {key}?|Did {person} book a trip to {key}?|Is {person} off to {key}?""",
        says="""{person}'s off to {city}.|{person} is headed to {city}.|{person} leaves for {city}
        soon.|{person}'s trip goes to {city}.""",
        mine="""I'm off to {city}.|I'm going to {city} soon.|My trip goes to {city}."""),
    "delivery": more(
        asks="""{the}, when?|when's {the} coming|When's {the} due?|When is {the} coming?|When do we get
        {the}?|When does {the} arrive?|When will {the} be here?|When is {the} due here?|What time does {the}
        come?|When should {the} be here?|When did they say {the} comes?|When was {the} supposed to come?|When are
        they bringing {the}?|Do you remember when {the} comes?|How long until {the} comes?|{the} comes when?|For
        when is {the} announced?""",
        clauses="""when {the} arrives|when {the} is expected|when we get {the}|when {the} is due|what time {the}
        comes|when {the} should be here""",
        checks="""Will {the} come {key}?|{the} comes {key}, right?|Does {the} arrive {key}?|Is {the} expected
        {key}?|Do we get {the} {key}?|Is {the} due {key}?""",
        says="""The delivery from {company} arrives {when}.|The delivery from {company} should be here {when}.|We
        get the delivery from {company} {when}.|The delivery from {company}, that's {when}."""),
    "visitor": more(
        asks="""{the}, when?|when's {the} coming|When's {the} due?|When is {the} due?|When's {the} here?|What time
        does {the} come?|When is {the} here?|When will {the} come?|When will {the} arrive?|When will {the} turn
        up?|When should {the} be here?|When did {the} say to come?|When was {the} going to come?|When do I let
        {the} in?|When must I be home for {the}?|When does {the} get here?|When have we ordered {the} for?|For
        when is {the} ordered?|Do you remember when {the} comes?|When was {the} coming again?|{the} is coming
        when?|When is {the} expected?|By when will {the} be here?|Any idea when {the} comes?|What time do we
        expect {the}?""",
        clauses="""when {the} comes|when {the} arrives|when {the} will come|what time {the} is coming|when {the}
        is due|when {the} gets here|when {the} is expected|when we expect {the}|when I have to let {the} in""",
        checks="""Does {the} come {key}?|Does {the} arrive {key}?|{the} is coming {key}, right?|Will {the} come
        {key}?|Do we expect {the} {key}?|Is {the} due {key}?|Is {the} expected {key}?|Should {the} be here {key}?""",
        says="""The {visitor} gets here {when}.|The {visitor}'s coming {when}.|The {visitor} comes {when}.|The
        {visitor}? Coming {when}.|I've got the {visitor} coming {when}.|The {visitor} rang, and will be here
        {when}.|Somebody has to be here for the {visitor} {when}."""),
}  # fmt: skip
"""More wordings by the name of the sort of claim."""
