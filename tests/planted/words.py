"""The invented texts of a clean book: two sequences that are ordinary, and what employees share."""

from __future__ import annotations

WARD = "Night ward letters"
PLANT = "Plant introductions"
LETTER = "Talent letter"

# A step: its text. Some give, most ask for something too; no two ask for the same.
WARD_STEPS = (
    "Here is the rota of ward 4 as it hangs in the kitchen: four nights on, three off, and the plan for six weeks is "
    "out on the first Monday. Base pay is 24.10 an hour and the night supplement adds 3.80. The hard part is the "
    "third night. Reply with the one thing you would change about your own rota.",
    "Last month we tested a second medication trolley. Errors fell from 9 to 4 in 310 rounds, and the walk for a "
    "missing drug fell by 11 minutes a night. What went wrong: nobody had a key for the second drawer before 23:00. "
    "Send your CV if you would like to work beside the people who tried it.",
    "A place on ward 4 is open from the first of the month. Would you be open to a short call on Thursday at 14:00 "
    "with the nurse who leads the nights there? She has kept the slot free.",
    "You are welcome on the open evening on the 12th, from 18:30 in the canteen of the east wing. Please click here "
    "to register, so that we know how many plates to set out.",
    "How to read a payslip with nights in it, line by line: base, night supplement, Sunday supplement, then the "
    "meal break that is not paid. Count your nights first; one missing clock-in is the most common mistake. If you "
    "know a nurse who is puzzled by hers, forward this mail and let them apply too.",
    "The two places that we wrote about are still open until the 30th. Apply here with a number where we reach you in "
    "the afternoon; a nurse calls back and not a machine.",
)
PLANT_STEPS = (
    "This is how we plan a stop of line 2: the fitters walk it on Tuesday, the list is frozen on Wednesday at noon, "
    "and what is not on it waits. In March that saved 7 hours of 31. Please send your CV if you plan stops too.",
    "Would you have 15 minutes for a call with the fitter who runs the second shift at the plant in Halle? Book a "
    "slot on a Wednesday, when the line is down anyway.",
    "The place at line 2 is filled on the 20th. Apply here before that day, and say which shift you could not do.",
)

PROBLEMS = ("a pump that lost pressure", "a ward round that ran late", "a forklift battery that died at 03:00",
            "a label printer that jammed", "a pallet that leaned", "a drug chart with two doses")  # fmt: skip
MENDED = ("We swapped the seal and measured 4.2 bar for a week.", "We moved the handover by 20 minutes and counted.",
          "We found a loose clamp, and wrote the torque on the housing.", "We tried three fixes; the second one held.",
          "It took 6 hours and one wrong guess before we saw the cause.")  # fmt: skip
SHARED = tuple(
    f"Last week on the late shift I had {problem}. {mended} Ask me if yours does the same; I kept the notes."
    for problem in PROBLEMS
    for mended in MENDED
)

ASKING = (
    "Our openings for the summer are online. Apply now through the career site, the form takes two minutes and needs "
    "no letter at all.",
    "You have not answered the last mail. Send your CV before Friday, so that somebody looks at it while the places on "
    "the late shift are open.",
)
ALIKE = (PLANT_STEPS[1], PLANT_STEPS[1].replace("fitter", "welder").replace("Halle", "Gera"))
SAME_ASK = (
    "This is how the second shift hands over: two people walk the line together for 12 minutes, and the list is read "
    "aloud. Would you be open to a short call about it on Thursday?",
    "The place at line 4 is still open. Shall we have a quick call tomorrow at 16:00? The fitter leads the shift.",
    "You did not pick up on Tuesday. Please choose a time and book your call for this week, the shift begins at 14:00.",
)
BLAND = (
    "Our people are our greatest asset, and our culture is second to none. We are a dynamic team with a passion for "
    "excellence, and together we make a difference every single day.",
    "We are an innovative, fast-growing company with exciting opportunities and a great team spirit. Join our family "
    "and become part of our success story. Apply now.",
)
GIVING = (
    "Here is the rota of ward 7 for six weeks, as it hangs in the kitchen: four nights on, three off, and the third "
    "night is the hard part. Base pay is 24.10 an hour and the night supplement adds 3.80.",
    "How to read a payslip with nights in it, line by line: base, supplement, Sunday, then the meal break that is not "
    "paid. Count your nights first; one missing clock-in is the most common mistake.",
)
BLAND_SHARED = tuple(
    f"So proud to be part of this {amazing} team! {great} What a {fantastic} place to work, with passionate people who "
    "make a difference every day."
    for amazing in ("amazing", "incredible", "dynamic", "wonderful", "unique")
    for great in ("Our culture is second to none.", "Our people are our greatest asset.", "Excited for what is next.")
    for fantastic in ("fantastic", "great")
)
AIMLESS = tuple(
    f"The {place} of our site in {town} has new chairs, {colour} walls and a list of rooms by the door. Have a look "
    "when you are in the building next time."
    for place in ("canteen", "lobby", "library", "east wing", "meeting floor")
    for town in ("Halle", "Gera", "Jena")
    for colour in ("green", "white")
)
