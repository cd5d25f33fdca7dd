"""What colleagues, clients, trustees, mentors and conference acquaintances write about."""

from __future__ import annotations

SCRIPTS = {
    "current": """
Getting {release} out on {day} | {release}: what is left
> I went through {release} once more. Two things left: the empty state and the slow zoom on old
  tablets. Shall we aim for {day}?
> Quick status on {release}: designs are final, the build is nearly there. Anything you want to
  hold back?
- {day} works. I would rather ship without the animation than wait for it.
- Tried it on the train this morning and it felt right. The zoom still stutters once.
- Let me take the tablet problem, I have one here that shows it every time.
- Can we show it to the two towns first? They have been asking since spring.
= Shipped. Thank you for staying with it.
= Good, then {day} it is. I will write the release note.

+ Sketches for the {part} | The {part}, second round
> Three sketches for the {part} attached. The second one is the brave one.
> I redrew the {part} after yesterday. It is calmer now, I think. Be honest please.
- The brave one. The first is lovely but people will not find the button.
- Could the labels carry more of the weight? Right now the icons do all the talking.
- I printed it and stuck it next to the window. From two metres only the third reads.
- Nice. The spacing at the bottom is a little tight on the small phones.
= Taking the second one then, with the new label idea.
= Perfect. I will build it this week.

What we heard in {place} | Notes from the {place} interviews
> Back from {place}: {number} conversations, and nearly everyone turned the phone to face the
  water. We should think about that.
> Notes from {place} are in the folder. The best line: "I do not want a map, I want to know
  when to leave."
- That sentence should go on the wall.
- Did anyone use the search? I have a feeling nobody does.
- Turning the phone, yes! I saw the same at the ferry in March.
- Can I come along next time? I have been drawing these for months without meeting one skipper.
= Let us spend an hour on this on {day}.
= I will turn it into a one-pager for the whole team.

* Friday demo | Demos on {day}
> Demos at three. I have {release}, who has something else?
> Short round this week. Bring whatever is half done, that is the point.
- I can show the new import, it finally survives the harbour files.
- Put me down for five minutes on labels.
- Nothing from me, but I will bring cinnamon buns.
- I have a before-and-after of the {part}.
= See you at three, the big table.

! Hiring: the second designer | Two people for the design role
> Talked to both again. One draws like a dream, the other asks better questions. I lean towards
  the questions.
> Could you sit in on the call on {day}? Your ear more than your opinion.
- Questions. We can teach the drawing tools.
- Happy to. Send me the portfolio the evening before.
- I liked how calm she was when we disagreed about the legend.
= Offer is out. Fingers crossed.
= She said yes!

! Money until {season} | Runway, honestly
> I went over the numbers again. With the two ports signed we are fine until {season}, without
  them it gets tight in autumn.
> Before the board meets: here is how I would say it. Too blunt?
- Not too blunt. They prefer it, and so do I.
- I would put the signed contracts first and the wishes last.
- Could we move the second hire by a month? That alone buys us a lot of sleep.
= Agreed, that is the version we send.
= Thanks. I sleep better already.

* Where to put the whiteboard | The office in {season}
> The new room is ours from the first. Window side for drawing or for calls?
> There is a second-hand workbench for sale. Shall we, or do we have enough wood?
- Window side for drawing, please.
- Wood! Always wood.
- As long as the coffee machine stays where it is.
= Decided. Moving on {day}, wear something old.

Bug: labels jump at {place} | Depth labels near {place}
> At zoom twelve the labels near {place} jump over the shoreline. Film attached in the ticket.
> Somebody at the harbour office noticed that {place} has moved to the mainland. It has not.
- Found it, an old projection in one tile. Fix is in review.
- Ha. The mainland would be pleased.
- Can you check the tile next to it as well?
= Fixed and rolled out.
= Confirmed from the harbour office, they are happy.

! One-to-one on {day} | Before our one-to-one
> For {day} I would like to talk about how we decide things when we are both tired.
> Three points from me: the interns, your holiday, and whether I should stop doing the
  newsletters.
- Good list. I have one more: the conference in {city}.
- Let us walk along the quay instead of sitting inside.
= Good talk. I will try the two-day rule.
= Thanks for this, it helped.

Pricing for small harbours | A price a harbour can pay
> A harbour with forty berths cannot pay what a ferry line pays. What if we count berths?
> We keep hearing the same: they love it and then they see the number.
- Counting berths is fair and easy to explain. I like fair and easy.
- Let us try it with {place} and look again in two months.
= Going with berths.
""",
    "former": """
{old_project}: next round | Comments on {old_project}
> The client liked {old_project} but wants the first screen quieter. Can we meet on {day}?
> Here is where {old_project} stands: two screens done, one argued about.
- Quieter is fine. Smaller is not, people stand two metres away.
- I moved the big button up and suddenly the whole thing made sense.
- Let me do the wording, half of the argument is about one verb.
- Can we test with real gloves on? It is February after all.
= Sent to the client. Now we wait.
= They said yes to everything except the yellow.

* Studio lunch on {day} | Soup day
> There will be soup on {day}. Who is in?
> Lunch outside if the sun stays? I bring bread.
- In!
- In, and I bring the good butter.
- I am at the client until one, save me a bowl.
= Soup was a triumph. Thank you, cook.

+ Moodboard for {old_project} | References for {old_project}
> Put together a moodboard for {old_project}. A lot of enamel signs, I could not help it.
> Found a box of old timetables at the flea market. Scans attached, they are a gift.
- The enamel! Yes. That red with the cream.
- These timetables are better than anything we draw.
- Keep the third row, drop the rest, be brave.
= Third row it is.

Timesheets, sorry | Hours for {old_project}
~ You know what this is about. Could you fill in last week by {day}?
~ The hours for {old_project} do not add up, and I suspect your Wednesday.
- Done. It was the Wednesday.
- Sorry! In by noon.
= Thank you, you are forgiven.
""",
    "old_colleagues": """
How are you all? | Hello from the other side of the river
< It has been a while. How is the studio without the old coffee machine?
< I walked past the studio and the light was on in our room. Made me a bit soft. How are you?
- Loud, warm and over budget, so all is well.
- We miss you at critique. Nobody says "brave" any more.
- Come by one Friday, there is still your mug.
= I will. Really.
= Let us not leave it for another half year.

Portfolio pages | Could I show {old_project}?
~ I am putting my portfolio together and would love to show {old_project}. Are you all right
  with how I describe your part?
~ Would you look over two paragraphs about {old_project}? I want to get the credit right.
- Of course. Add that the type was yours, because it was.
- Two small changes, otherwise lovely.
= Thank you, that was generous.

Somebody saw {old_project} in the wild | {old_project}, still standing
~ I used {old_project} today without thinking about it. We did well, didn't we?
~ They are replacing {old_project} after all these years. I took a photograph for you.
- The yellow survived! I take everything back.
- We did. You most of all.
= Drinking to it tonight.

Lunch by the river | Are you free on {day}?
< I have a meeting near the studio on {day}. Lunch by the river, like before?
~ New place where the old canteen was. Shall we judge it together on {day}?
- With joy. Half past twelve?
- {day} is deadline day, what about the week after?
= So good to see you. Same time next season.

* The studio turns fifteen | Studio party in {season}
> The studio turns fifteen and everyone who ever worked here is invited. Bring a story.
> Who still has photographs from the boat trip? They are for the wall.
- I come, and I have stories that should not be told.
- Forty photographs and one of them is in focus.
= What a night. Thank you all.
""",
    "clients": """
+ {project}: draft for comments | First draft of {project}
< Please find the first draft of {project} attached. The question for you is on page two.
< Here is {project} with last week's changes. We kept the old colours for the piers on purpose.
- Thank you, this is very clear. Could the winter piers be marked as well?
- I showed it to the crew and they recognised everything but the new jetty.
- Page two: the second option, without doubt.
- We need the names in both languages, otherwise it is approved. Lovely work.
= Thank you. We will print on {day}.
= Good, then I will make it so.

Site visit in {place} | Walking {place} on {day}
< Could we walk {place} together on {day}? I would like to see where people stop and look around.
< The tide is right on {day} morning for {place}. Shall I come by with the tablet?
- {day} at nine by the crane? I bring coffee. Rubber boots recommended.
- Good idea. The signage man would like to join, if that is all right.
- With pleasure. I will bring the survey from last year.
= That was worth the wet feet. Notes follow.
= See you by the crane.

+ Contract for {season} | The next twelve months
< Attached is the contract for {season}, same terms, one more harbour.
- Legal asks for one word in paragraph four. I hope it is a harmless word.
- Signed. Looking forward to it.
= Perfectly harmless. Signed copy follows.
= All in order, thank you both.

Figures for a full year | Our budget meeting
~ Our budget meeting is on {day}. Could you send the figures for a full year by then?
~ We are planning {season}. What would {project} cost us for a full year?
- Here they are. The second line is optional.
- I will send them on {day}, with a cheap version and a good one.
= Thank you, that was quick.
= The good one, please.

Passengers keep asking about {place} | A question from the quay
~ Passengers keep asking where to stand at {place} when there is fog. Can the map say so?
~ The staff at {place} printed your map and hung it upside down, which tells us something.
- It can. Give me until {day}.
- Upside down is north for them! We should offer that.
- Could you send me a photograph of where it hangs?
= It is live, and the staff say thank you.
= You should see them point at it.

+ Numbers for the steering group | How {project} is used
~ Do you have numbers on {project}? The steering group likes a chart.
~ The steering group meets on {day} and will ask how {project} is doing.
- Use doubled since the posters went up. Chart attached.
- Mornings between six and eight, just as your crew said. Chart attached.
= Doubled! That chart will do the talking.
= The steering group was delighted. Thank you.

Purchase order for {project} | The invoice for {project}
~ Our system wants a purchase order on the invoice. Could you send it again with the number?
- Here it is again, with the number this time.
- Of course. Tell your system that we are friends.
= Arrived, paid on {day}.
= All settled, thank you for your patience with our system.

Workshop on {day} | A morning on {project}
< Would a morning on {project} with your planners make sense? Eight people, paper and pens.
< For the workshop: who would disagree with us most? Please invite them.
- I know exactly who. He said yes.
- The room by the window is ours until noon.
= Best workshop in years, says the man who disagreed.
= Wonderful. I bring the big paper.
""",
    "vendors": """
+ Papers for {season} | The papers you asked for
< Attached are the papers for {season}. Please tell me if one is missing.
~ Two papers for your signature are attached, nothing to worry about.
- Thank you, all complete.
- One page is missing, the one with the stamp.
= Here it is, with the stamp.
= Thank you, that was quick.

A question about the renewal | Renewal on {day}
~ Your renewal is due on {day}. Shall we keep everything as it is?
< Our renewal comes up in {season}. Is there a reason to change anything?
- As it is, please. It has been a quiet year, which is the best kind.
- One small change, I will explain on the phone.
= Done. You will have the confirmation by {day}.

Thank you for {day} | The rush job on {day}
< You saved us on {day}. Everyone noticed, and I wanted you to know.
< I know that was a rush. Thank you, and cake is on its way.
- That is very kind. The cake did not survive the afternoon.
- Any time. Almost any time.
= Well deserved.

The quarter in one page | Quarter closed
~ The quarter is closed. In one page: calm water, a little more wind in {season}.
~ Here is where the quarter stands. One number needs your eyes.
- I looked. It is the boat hire, and it is correct.
- Calm water is my favourite kind.
= Then all is well. Until next quarter.
""",
    "board": """
*+ Minutes and next steps | Minutes from {day}
> Minutes attached. Two actions are yours, both small.
> Thank you all for a good meeting. Minutes follow, please correct my spelling of the names.
- Thank you. One correction: we agreed on {number}, not two.
- Approved from me.
- I can take the letter to the council as well.
= Final version is in the folder.

Money for {grant} | The application for {grant}
> The deadline for {grant} is on {day}. The budget is done, the story is not.
> Good news: the foundation would like to hear more about {grant}.
- I can write the story this weekend. Who has a photograph?
- Put the children first and the boat second.
- The budget adds up now, I moved the insurance.
= Sent with an hour to spare.
= They said yes! {grant} is happening.

* Open day at the harbour | Who can help on Saturday?
> Open day is coming. We need two people at the soup, two at the knots and one at the door.
> The tent is booked. Who can help from ten?
- Soup, always.
- I can do knots until noon.
- Door for me, I like to talk.
= Four hundred visitors. Thank you, every one of you.

A new trustee | Somebody for the board
> I met a retired teacher who sails and knows everybody. Shall we invite her for coffee?
> We are six and the rules say seven. Ideas, please.
- Yes please, a teacher is exactly what is missing.
- Coffee on {day} at the boathouse?
= She said yes.

Poster for the {season} programme | The {season} poster
> Could you look at the poster? I know you cannot help it.
> The printer needs the poster by {day}. Is the big anchor too much?
- The anchor is right. Make the date bigger.
- I moved two things and removed one. Hope you like it.
= Printed, and it looks wonderful.

Lifejackets in small sizes | Equipment for {season}
> Twelve children signed up and we have nine small lifejackets.
> The store has three in the right size at half the price. Shall I?
- Buy them, I will send the money today.
- Well found.
= Twelve lifejackets on the hook.
""",
    "mentors": """
A decision I keep postponing | Advice, if you have ten minutes
< There is a decision I keep postponing: whether to say no to the big contract. May I think
  aloud with you?
< Some weeks I miss drawing. Is that a sign or just a Tuesday?
- It is just a Tuesday until it happens every Tuesday.
- What would you tell a friend who asked you this?
- Say no early and kindly. It is the late no that hurts.
- Keep one drawing day a week and defend it like a meeting with the king.
= That helped more than you know. Thank you.
= I said no, kindly. The sky is still up.

Coffee along the canal | A walk on {day}?
> I am in town on {day}. A walk along the canal, like last time?
> It is my turn to buy the coffee. {day} after four?
- With pleasure. The bench by the lock at four.
- {day} is good. Bring the sketchbook.
= Thank you for the walk. I wrote down three things.

Something to read | A chapter for you
~ This made me think of your question about growing slowly. Chapter three above all.
~ Read {book} on the train and thought of you at every station.
- Ordered. I will tell you what I think of chapter three.
- Chapter three! I read it twice.
= We should talk about the ending.

The board pack | How to tell the board
< The board meets on {day}. Would you read two pages before I send them?
< Tell me when I hide behind numbers. Page two: do I?
- A little. Say the sentence from your letter instead.
- Good pages. Cut the third chart.
= Cut. It reads better.

Introducing two people | Somebody you should meet
~ I would like to introduce you to someone who solved the very problem you have with ports.
~ May I give your address to a founder who reminds me of you four years ago?
- Please do, I would be glad.
- Of course. I owe the world a few of those.
= Done. I have a feeling you will talk for hours.

Next round | Thinking about {season}
~ I would love to see how the ports grow before {season}. Shall we talk on {day}?
~ Good quarter. What would you do with twice the money, and what would you stop doing?
- With twice the money I would do the same, a little sooner.
- I would stop doing custom colours. There, I said it.
= Good answer. Keep it.
""",
    "conference": """
Your talk in {city} | "{talk}"
~ I sat in the third row at "{talk}" and wrote two pages. Could you share the slides?
~ We met at the coffee queue in {city}, I was the one with the folded map.
- Of course I remember the map! Slides are on their way.
- Thank you, that means a lot. The middle part was new and I was nervous.
- Would you give it again for our small group in {season}?
= Gladly. Let us find a date.
= Lovely. Until the next coffee queue.

Panel in {city} | Will you be in {city}?
> They asked me to put together a panel on maps for people in a hurry. Would you join?
> Are you going to {city} in {season}? Some of us are having dinner the evening before.
- Yes to the panel, if I may disagree with somebody.
- I will be there. Save me a seat near the window.
= It is in the programme now. See you there.

A reference I promised | The book about {place}
> I promised you the title: {book}. Page ninety is the map I talked about.
> Finally found the atlas with {place} in it. Scan when I am home.
- Page ninety! That is exactly how we should draw shallow water.
- Thank you for remembering.
= Worth the wait.

* Small circle on wayfinding | Our small circle, {season} call
> {day} at five for our small circle? Three of us have something to show.
> Notes from the call are up. Next time somebody please bring a bad map.
- I will be there and I have a very bad map.
- Cannot make it this time, please record the bad map.
= Good hour. Thank you for hosting.
""",
}
