"""What a book's money should have brought by now, what it did bring, and how sure that is.

In the order of the work: `reading` (with `columns`, `totals` and `credit`) takes `rows` of money and of applications
from a book; `ripe` and `lags` say how much of each row's outcome can be known by now; `cells` and `clumps` make counts
and exposures of them; `fit` (on `nested`) and `draws` weigh the units against each other; `judging` puts that into
words. `trend` compares the early with the late money, and `quality` the people that channels bring.
"""
