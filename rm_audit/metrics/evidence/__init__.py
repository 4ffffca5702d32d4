"""What a book's money should have brought by now, what it did bring, and how sure that is.

`cells` turns a book into counts and exposures, `lags` says how long hiring takes here, `fit` and `draws` weigh the
units against each other, `verdicts` puts that into words, `trend` compares the early with the late money.
"""
