"""What friends, family, climbers and neighbours write about, and the small talk of chats."""

from __future__ import annotations

SCRIPTS = {
    "university": """
Weekend in {city}? | {city} in {season}
> Found cheap trains to {city}. The old gang, one small flat, too much coffee. Are you in?
> It is ten years since {city} and I think we owe it another visit.
- In. I am bringing the terrible board game.
- Only if we go to that bakery again.
- I can do the second weekend, not the first.
- Yes! I will look for a place with a balcony.
= Booked! I am so glad we are doing this.
= Second weekend it is.

{book} | Have you read {book}?
> I stayed up until two with {book}. You have to read it so that I can talk to somebody.
> Lending you {book}, but I want it back without coffee stains this time.
- Started it on the tram and missed my stop.
- The aunt! Tell me you love the aunt.
- No promises about the coffee.
= Finished. I cried at the ferry. You knew I would.

* Reunion dinner | Class dinner in {season}
> Who is around in {season}? I can do {dish} for twelve if somebody brings chairs.
> The professor is retiring and wants to see us all. Dinner on {evening}?
- I have six chairs and a bench.
- Coming, with a cake and a small human.
- Far away this year. Put me on a screen at the end of the table.
= What an evening. Nobody has changed and everybody has.

New job, new city | Big news
~ Big news: I said yes to the studio in {city}. Excited and a little seasick.
~ I handed in my notice. Talk me out of being scared?
- You were never scared of anything except critique on Mondays. So proud of you.
- They are lucky. When do we visit?
= Thank you. I needed exactly that.

Exhibition on {evening} | Opening night
~ My prints are hanging! Opening on {evening}, the wine is bad and the company good.
~ Come to the opening on {evening}? I need one friendly face near the door.
- I will stand by the door and be friendly all night.
- Would not miss it. Do you need help with the lights?
= You came! It meant the world.

Photographs from the attic | Look what I found
> Cleared out the attic and found the photographs from our first studio. Your hair!
> Remember the poster with the seagull? I found the original.
- We do not talk about my hair.
- Keep the seagull safe, it belongs in a museum.
= Hanging above my desk now.
""",
    "family": """
* Sunday lunch | Lunch on Sunday, {dish}
> Lunch on Sunday? I am making {dish} and there is too much of it already.
> Shall we all meet on Sunday? Wilma wants to show her swimming badge.
- We come, and bring a pudding.
- Yes please. Can we bring the neighbour's dog?
- A little late, the train gets in at one.
= Lovely day. There is {dish} left for a week.
= See you at one.

* Midsummer at the cottage | The cottage in {season}
> Who comes to the cottage in {season}, and who sleeps where? The boat is in the water.
> The shed has been painted. It is very yellow. Come and see before the boat is next.
- We take the attic, the children love the ladder.
- I bring herring and a tent.
- Very yellow indeed. I love it.
= It was the best summer in years, even with the rain.

! {thing} | Who has {thing}?
> I was looking for {thing} and suddenly was not sure who has it.
- It is here, wrapped in a towel. I was going to tell you.
- Behind the wardrobe, of course. Come by on {evening} and fetch it.
= Mystery solved.

The family calendar | Photographs for the calendar
> Shall we make a calendar again? I can lay it out if everyone sends five photographs.
> The calendar needs a picture for November. Nobody ever takes pictures in November.
- Five from me on {evening}. One is from the ferry with the hat.
- The hat! It goes on the cover.
= It hangs in three kitchens now.

! How did it go? | Thinking of you
~ How did it go with the big meeting? I kept looking at the clock.
~ How was the big day? I crossed my fingers until they hurt.
- It went well! I was nervous for nothing, as you said.
- Better than I dared to hope. I will tell you everything on {evening}.
= So proud of you. Sleep well.
= I knew it. Hugs.

! Come for {dish} | {evening}?
> You sounded tired on the phone. Come for {dish} on {evening}?
> There is {dish} on {evening} and a chair with your name on it.
- I would love that. I bring bread.
- Yes please. Tired and hungry describes it well.
= See you then. Hugs.

! The train times | Picking you up
> I can pick you up on {evening}. Front entrance, under the clock.
- You are kind. I will have two bags and a plant.
- Under the clock, like always.
= On the train. See you soon!

! Help with the computer | The photographs are gone again
~ The photographs are gone again. I only pressed what you told me to press.
~ The screen says I should update. Should I update?
- Yes, you may update. It will take a cup of coffee.
- They are in the other folder. I will show you on Sunday.
= They are back! You are a wizard.
""",
    "climbing": """
{crag} on {evening}? | Rope free for {crag}
> {crag} on {evening}? It has been dry for three days and I have the long rope.
> Forecast for {crag} is perfect. I want to try {route} before it gets cold.
- In. I will bring the small cams and the big flask.
- {route}! I fall off the same move every time. Count me in.
- Only after five, but I can drive.
- My finger is still cross with me, but I can belay and heckle.
= Great evening. My arms are noodles.
= Meet at the car park at five.

* Club evening on {evening} | Wall night
> Club evening on {evening}: new routes on the left wall, {route} is still up.
> We need two people for the beginners on {evening}. There will be cake afterwards.
- I can take beginners, I like the moment when they trust the rope.
- I am there. Is {route} graded by somebody with long arms?
- Cake? In.
= Eleven beginners, no tears, one lost shoe.

* Weekend trip to {crag} | Who drives to {crag}?
> Weekend at {crag}: two cars, one hut, bring a headlamp. Who is in?
> The hut is ours from Friday. Shopping list in the group, please argue about the cheese.
- I drive and take three.
- Hard cheese. This is not up for discussion.
- Can I bring my cousin? She climbs better than all of us.
= Home, muddy and happy. Thank you for the cooking.

Rope check | Old rope, new rope
> My rope is from before the flood. Shall we order together? Cheaper from four.
> Found a soft spot in the blue rope. I am cutting it into dog leashes.
- Order one for me, seventy metres.
- Long live the blue rope.
= Ordered. They arrive on {evening}.

{route} went! | Finally: {route}
> I did it. {route}, third try, nobody there to see it except a goat.
> Who would have thought: {route} goes with the left foot first.
- The goat counts. Congratulations!
- LEFT foot. Two years of my life.
= Cake is on me.

Physio tips | That shoulder
> My shoulder complains when I reach up. You had the same, what helped?
> Somebody showed me an exercise with a broom. I feel silly and much better.
- Ten minutes with the broom every morning. Really.
- Two weeks of easy routes. I know, I know.
= The broom works. Thank you.
""",
    "neighbours": """
* Courtyard day on {evening} | Raking and sausages
> Courtyard day on {evening}: rakes at ten, sausages at noon. Children plant the bulbs.
> The bicycles in the cellar need sorting. Please label yours by {evening}.
- We come, with a rake and two helpers of doubtful use.
- I can do the grill.
- Mine is the green one with the basket, please do not give it away.
= The courtyard has not looked so good in years.

! Could I borrow the {item}? | The {item}
> Could I borrow the {item} on {evening}? I promise to bring it back clean.
- Of course, it is by the door. Just ring.
- Any time. Mind the loose handle.
= Back where it belongs, thank you!

! Our {item} | About the {item}
> Do you still have our {item}? No hurry at all.
- Oh dear, yes. Tonight, with an apology in the form of {dish}.
- It is in the cellar, behind the sledges. I bring it up.
= No hurry, and no apology needed. But {dish} is accepted.

* House meeting | Annual meeting of the co-op
> The annual meeting is on {evening}. On the table: the roof, the laundry times and the lilac.
> Papers for the meeting are in your letterboxes. Please read the page about the roof.
- I will be there. In favour of the lilac.
- Cannot come, but my neighbour votes for me.
- Have we asked for a second offer for the roof?
= The roof is decided and the lilac stays.

! Parcel for you | I took in your parcel
> I took in a parcel for you. It is heavy and smells of coffee.
> The postman left yours with us again. Ring whenever, we are up late.
- You are a treasure. I come at seven.
- It is coffee. You get a bag.
= Thank you for the coffee!

Water off on {evening} | The water on {evening}
> The water is off on {evening} from nine to eleven. Fill a pot.
> There is a drip in the cellar again. There is a bucket under it now.
- Thank you for telling. We fill two pots.
- I have met the bucket. All will be well.
= Water is back.

! Watering the tomatoes | Away next week
> We are away next week. Would you look after the tomatoes? You may eat what is red.
> Key is in the usual place. The big plant pretends to be dying, do not believe it.
- With pleasure. I talk to them as well.
- All alive, even the actor.
= You are the best neighbours.
""",
    "chat": """
Dinner tonight | What shall we eat
> {dish} tonight?
> Soup evening at mine, what are we missing?
- Yes!! And the good bread please
- Milk, lemons, and something green so that we feel better
- I can be there at seven
- There is still soup from yesterday
= On it 🙂
= You are the best

{film} on {evening} | Cinema?
> {film} on {evening}? They have the big screen
> Two seats left for {film}, row seven
- Row seven is us!
- Yes, but I choose the sweets
- Only if there is no talking about work before the film
= Booked 🎬
= That ending though

How was your day | Long day
> How did it go??
> Long day. Tell me something nice
- It went well I think! I talked too fast
- A child gave me a drawing of a shark with shoes
- Cried a little on the tram, fine now
- I saw the first swallow of the year
= Proud of you ❤️
= Hug

A walk along the water | Air?
> Walk after work? My head is full
> The light is unreal right now, look outside
- Ten minutes, by the bridge
- Bring the thermos
- I can see it from the office!
= That helped
= On my way

Weekend plans | Saturday?
> Anything planned for Saturday?
> Market on Saturday morning, then nothing at all?
- Nothing at all sounds perfect
- Climbing until noon, then yours
- I promised to look at a shed, do not ask
= Nothing at all it is
= Deal

Running late | Five minutes
> Running five minutes late, sorry
> The bridge is up again, I can see a very slow sailing boat
- No stress, I found a bun
- Is it at least a beautiful boat
= Here now!
= It is a very beautiful boat

This song | Listen to this
> Listen to this, it is us in 2012
> Do you remember that band with the accordion
- Oh no. Oh yes.
- I still know every word
= On repeat all day

Look at this dog | Important photograph
> There is a dog in a yellow raincoat outside my window
> Important photograph coming
- I need to know its name
- Raincoat envy
= Its name is Captain. I asked
""",
    "home_chat": """
Dinner tonight | What shall we eat
> {dish} tonight?
> I am at the shop. What are we missing?
- Yes!! And the good bread please
- Milk, lemons, and something green so that we feel better
- Home at seven, can you start the oven
- There is still soup from yesterday
= On it 🙂
= You are my favourite

Who fetches the parcel | Small errands
> Can you fetch the parcel? I am stuck on the wrong side of the bridge
> Did we pay the boat club?
- Got it, it weighs as much as a goat
- Yes, yesterday, I am a serious adult
- I will do it on the way home
= Thank you ❤️
= Serious adult noted

Your mother called | Sunday
> Your mother called, she asks about Sunday
> Sunday at the cottage or Sunday in bed?
- Sunday in bed, cottage the week after
- Tell her we bring the pudding
- Both, if we take the late train
= Told her. She laughed
= Deal

Night shift | Are you up?
> Night shift is long. Are you up?
> Home late, do not wait with dinner
- Reading. The cat says hello
- I keep a plate warm
- Was it a good night or a hard one
= Good one. See you at breakfast
= Sleep well ❤️

Look at the moon | Window, now
> Go to the window, now
> The sea is completely flat, I wish you were here
- Oh!
- Wait, I am finding my glasses
- Save some of it for tomorrow
= Saved

Plan for {evening} | {evening} evening
> {evening}: cinema, friends, or nothing at all?
> Maja asks us both for {evening}
- Nothing at all, with candles
- Yes to Maja, I bring the tart
- {film} is still on, just saying
= Then I know what I am looking forward to
= Booked!

The cat | News from the cat
> The cat has moved into the printer
> The cat brought us a leaf. She is very proud
- Is the printer all right
- Thank her from me
- Framed it
= Everybody is well
""",
    "work_chat": """
Quick question about the {part} | The {part}
> Quick one: does the {part} keep the old order or the new one?
> Do you have five minutes for the {part}?
- New one, the old was alphabetical by accident
- Sure, now?
- I am looking at it right now, join me
= Perfect, thanks
= Solved, it was a comma

Demo link for {release} | {release} is up
> {release} is on the test server, be gentle
> Can you try {release} on your old phone?
- Works! Feels fast
- One thing: the back button takes me to the sea
- Ha, on a map of the sea that is almost right
= Fixed, reload
= Shipping it

Coffee? | Kitchen
> Coffee? I need to talk about something that is not maps
> There are buns in the kitchen, this is not a drill
- On my way
- Two minutes
= You saved the afternoon

Call with {place} moved | Moving the call
> Call about {place} moved to two, is that all right?
> They ask whether we can come to {place} on {day}
- Two is fine
- {day} works, I take the early boat
= Confirmed with them
= Great, see you on the boat

That thing on {day} | About {day}
> About {day}: shall I say yes in both our names?
> I said something sharp in the meeting, sorry
- Say yes, and then we worry
- You were right though. And kind afterwards
- All good, really
= ❤️
= Thank you for saying that

Tiny win | Look at this chart
> Look at yesterday's numbers
> The harbour master in {place} just wrote that she loves it
- WHAT
- Framing this
= Cake tomorrow
""",
}
