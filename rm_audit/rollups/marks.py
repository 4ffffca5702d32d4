"""What a rolled-up row is marked with, as bits of one integer: rows that differ in a mark are never added up."""

ODD = 1  # it holds a cell that is not written plainly
VOID = 2  # a word says that it is planned or cancelled
CREDIT = 4
BLANK = 8  # the first column of counts is blank; the next one is twice that, and so on

# Names of what a roll-up adds to the canonical columns.
ROWS, MARK, MONTH, BAD = "rows", "mark", "month", "bad"

# What is counted of those who apply: people whose first day it is, people of a day, and how often the one applies in
# all who applies most often.
FIRST, EACH, CROWD = "first", "each", "crowd"
