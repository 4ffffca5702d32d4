"""The written parts of the example book: nurture mails and the assets employees shared."""

from __future__ import annotations

from _rows import Row

POOL = "We are hiring - talent pool"
NIGHT = "Night shift guide - warehouse"

NIGHT_ROSTER = """\
You asked what nights at Harbourline are really like, so here is the roster as we run it.

A shift is 22:00 to 06:00: 7.5 paid hours and a half-hour unpaid meal break at 02:00. The roster repeats every \
four weeks. In weeks 1 and 3 you work five nights, Sunday to Thursday. In weeks 2 and 4 you work four, Tuesday to \
Friday. You see your shifts six weeks ahead.

Base pay is EUR 15.40 an hour. The night supplement adds EUR 4.20, and Sunday hours until midnight add EUR 5.00 \
more. A weekday night is EUR 147.00 gross, a Sunday night EUR 157.00.

The hard part is not the lifting, it is the switch back. Most people feel the first free day as lost, and week 3 is \
the one where you will miss a dinner with friends. People who last tell us two things help: a dark bedroom, and \
keeping the same first meal after every shift."""

NIGHT_PAYSLIP = """\
Night payslips look crowded, so here is one for a full four weeks, line by line.

Base: 135 hours x EUR 15.40 = EUR 2,079.00.
Night supplement: 135 hours x EUR 4.20 = EUR 567.00.
Sunday supplement: 4 hours x EUR 5.00 = EUR 20.00.
Gross: EUR 2,666.00.

Below that you find pension (4 percent, here EUR 106.64) and wage tax, which depends on your own situation. \
Holiday pay is 8 percent of gross. It builds up on its own line and is paid out in May, so it is missing from the \
total on purpose.

Two things to check every time. Count your nights: one missing clock-in is the most common mistake, and it shows as \
7.5 hours too few. Then look at the Sunday line: if you swapped a shift with someone, the supplement must move with \
the person who worked it. The pay desk corrects a slip within five working days."""

NIGHT_FORKLIFT = """\
Many night operatives take the forklift licence in their first year. This is how our course works.

It takes three weeks next to your normal roster. Week 1 is two classroom days, paid as day shifts. Week 2 is twelve \
hours of driving in the yard, four people to one instructor. Week 3 is the theory test and a 40-minute driving test.

The course costs EUR 640 and we pay it. If you leave within twelve months you pay back EUR 53.33 for each month that \
is left, and that is in writing before you start. The licence is valid for five years and it is yours, also if you \
move to another employer.

Of the last 24 people, 21 passed the first time. The other three failed on reversing with a raised load, and passed \
on the second try. Hours on the truck pay EUR 0.90 more."""

NIGHT_QUESTIONS = """\
You now know the roster, the pay and the licence course. What we cannot know is what matters in your week: the last \
bus, a child's school run, a bad knee, a second job.

So this mail has no button and nothing to fill in. Hit reply and ask the night shift lead in Rotterdam anything. \
The shift lead has worked nights for eleven years, answers between 14:00 and 16:00 on weekdays, and will also tell \
you when nights are a bad idea for you. Questions are not passed on to recruiting unless you ask for it.

Some questions we had last month: Can I start with only weekends? (Yes, at Antwerp.) Do I get a fixed parking place? \
(No.) Can I go back to days later? (Usually within four months.)

There are six night openings this autumn. If the answers suit you, say so in the same reply."""

SEQUENCES: list[Row] = [
    [
        POOL,
        1,
        "email",
        "We are hiring!",
        "Harbourline Logistics is growing and we are looking for people like you. We offer a great team, a dynamic "
        "environment and many opportunities. Do not wait: apply now through our career site and become part of our "
        "success story.",
        4012,
        31,
        96,
    ],
    [
        POOL,
        2,
        "email",
        "Have you sent your CV yet?",
        "We noticed that you have not applied yet. Sending your CV takes only two minutes. Upload it today and our "
        "recruiters will check whether there is a match with one of our exciting jobs in warehouse, transport, "
        "customer service or software.",
        3907,
        18,
        88,
    ],
    [
        POOL,
        3,
        "email",
        "Book a call with a recruiter",
        "Our recruiters would love to talk with you about your next step. Choose a time in the calendar and book "
        "your call. Please have your CV ready, so that we can move fast. Slots are filling up, so book now.",
        3816,
        12,
        79,
    ],
    [
        POOL,
        4,
        "email",
        "New openings for you",
        "Every week we publish new openings at our sites in Rotterdam, Antwerp and Hamburg. Check our openings "
        "today and apply with one click. Know someone else who is looking for a job? Forward this mail and let them "
        "apply too.",
        3722,
        9,
        71,
    ],
    [
        POOL,
        5,
        "email",
        "Last chance to apply",
        "This is our last reminder. We are still looking for motivated people who want to make a difference. Apply "
        "now, send your CV or call us. We hope to welcome you at Harbourline Logistics soon!",
        3634,
        6,
        83,
    ],
    [NIGHT, 1, "email", "How the night roster works, and what it pays", NIGHT_ROSTER, 612, 87, 4],
    [NIGHT, 2, "email", "How to read a night shift payslip", NIGHT_PAYSLIP, 606, 64, 3],
    [NIGHT, 3, "email", "The forklift licence: three weeks, what it costs, who pays", NIGHT_FORKLIFT, 601, 71, 2],
    [NIGHT, 4, "email", "Ask the night shift lead anything", NIGHT_QUESTIONS, 598, 90, 3],
]

ASSETS: list[tuple[str, str]] = [
    ("Harbourline named regional employer of the year", "award"),
    ("Safety award for the Antwerp site", "award"),
    ("Third green transport label in a row", "award"),
    ("Summer barbecue in pictures", "culture"),
    ("Our values on the new canteen wall", "culture"),
    ("Team day at the harbour", "culture"),
    ("We are looking for truck drivers", "job ad"),
    ("Join our warehouse team in Rotterdam", "job ad"),
    ("Open roles in software", "job ad"),
    ("New cross-dock opens in Hamburg", "press"),
    ("Half-year figures: parcel volume up 6 percent", "press"),
    ("How we plan a night linehaul route", "how-to"),
    ("How to strap a mixed pallet", "how-to"),
]
