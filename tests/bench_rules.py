"""Rules measured: `python tests/bench_rules.py [RULES] [SUBJECTS]` judges made rules on made subjects.

Against one hand-written pandas expression a rule that gives the same three-valued answer, on all subjects, and against
engines that go row by row (rule-engine, simpleeval, cel-python, where they are installed: no part of this project), on
a hundredth of the subjects, scaled. All run in turn in one process; read the ratios and not the seconds.

The row engines know no third value, so they get only subjects in which all is known and nothing is zero, which is to
their advantage; what looks at all rows is put into their rows beforehand. cel-python judges one rule in 51, and is
scaled once more.
"""

from __future__ import annotations

import gc
import importlib.util
import random
import re
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from rm_audit.expr import KNOWN, Expression, Scope, Shared, column, parse

COUNTS = ("clicks", "applies", "applications", "interviews", "offers", "hires")
AMOUNTS = ("spend", "media_spend")
KINDS = ("job-board", "big-site", "programmatic", "referral", "agency")
ROUNDS = 5

# (ours, by hand in pandas); {c} is a count, {r} a ratio, {m} a multiple, {k} a kind of channel
SHAPES = [
    ("clicks > {c} and applies < {r} * clicks", "(d.clicks > {c}) & (d.applies < {r} * d.clicks)"),
    ("spend > 0 and hires == 0 and applications >= {c}", "(d.spend > 0) & (d.hires == 0) & (d.applications >= {c})"),
    ("applies / clicks < {r}", "safe(d.applies, d.clicks) < {r}"),
    ("spend > {m} * median_spend", "d.spend > {m} * median_spend"),
    ("spend / hires > {m} * median_spend or offers == 0",
     "(safe(d.spend, d.hires) > {m} * median_spend) | (d.offers == 0)"),
    ("channel_kind == '{k}' and hires / applications < {r}",
     "(d.channel_kind == '{k}') & (safe(d.hires, d.applications) < {r})"),
    ("not (interviews > {c}) and media_spend > {r} * spend",
     "~(d.interviews > {c}) & (d.media_spend > {r} * d.spend)"),
    ("media_spend > 0 and clicks > 0 and clicks * {r} >= {c} and applies / clicks < {r}",
     "(d.media_spend > 0) & (d.clicks > 0) & (d.clicks * {r} >= {c}) & (safe(d.applies, d.clicks) < {r})"),
    ("0 < offers <= {c} or interviews / applications < {r}",
     "((d.offers > 0) & (d.offers <= {c})) | (safe(d.interviews, d.applications) < {r})"),
    ("abs(applies - applications) > {r} * applications", "(d.applies - d.applications).abs() > {r} * d.applications"),
]  # fmt: skip


@dataclass(frozen=True)
class Made:
    """One rule in both spellings."""

    ours: str
    pandas: str


def made(number: int) -> list[Made]:
    chance, found = random.Random(7), []
    for place in range(number):
        ours, theirs = SHAPES[place % len(SHAPES)]
        values = {"c": chance.randrange(1, 60), "r": round(chance.uniform(0.01, 0.9), 3),
                  "m": round(chance.uniform(0.5, 4), 2), "k": chance.choice(KINDS)}  # fmt: skip
        found.append(Made(ours.format(**values), theirs.format(**values)))
    return found


def subjects(number: int) -> dict[str, list[Any]]:
    """Columns of which one value in twelve is unknown, and many counts are nothing."""
    chance = np.random.default_rng(7)
    found: dict[str, list[Any]] = {}
    for name in (*AMOUNTS, *COUNTS):
        values = chance.gamma(0.6, 40, number).round(2) if name in AMOUNTS else chance.poisson(6, number)
        values = np.where(chance.random(number) < 0.1, 0, values)
        found[name] = _with_gaps(values.astype(float), chance)
    found["channel_kind"] = _with_gaps(chance.choice(KINDS, number), chance)
    return found


def _with_gaps(values: Any, chance: np.random.Generator) -> list[Any]:
    gone = chance.random(len(values)) < 1 / 12
    return [None if missing else value.item() for missing, value in zip(gone, values, strict=True)]


class Ours:
    """Parsed once; each pass plans all rules, so that equal parts are computed once, and judges whole columns."""

    def __init__(self, rules: Sequence[Made], columns: Mapping[str, list[Any]], median: float) -> None:
        names = [*columns, "median_spend"]
        start = time.perf_counter()
        self.expressions: list[Expression] = [parse(rule.ours, names) for rule in rules]
        self.parsing = time.perf_counter() - start
        self.length, self.params = len(columns["spend"]), {"median_spend": median}
        self.base = Scope(self.length, {name: column(values) for name, values in columns.items()})
        for name in columns:
            self.base.part(name)  # the columns are put once, as those of the data frame are

    def run(self, keep: Callable[[int, Any, Any], None]) -> None:
        shared, scopes = Shared(), []
        for expression in self.expressions:
            scope = self.base.with_params(self.params)
            scope.plan([expression], shared)
            scopes.append(scope)
        for place, (expression, scope) in enumerate(zip(self.expressions, scopes, strict=True)):
            found = scope.evaluate(expression)
            keep(place, found.values, found.state)


class ByHand:
    """One pandas expression a rule on nullable columns, compiled by Python once."""

    def __init__(self, rules: Sequence[Made], columns: Mapping[str, list[Any]], median: float) -> None:
        types = {**dict.fromkeys((*AMOUNTS, *COUNTS), "Float64"), "channel_kind": "string"}
        self.data = pd.DataFrame({name: pd.array(values, dtype=types[name]) for name, values in columns.items()})
        names = {"safe": _safe, "median_spend": median}
        self.rules = [eval(f"lambda d: {rule.pandas}", names) for rule in rules]

    def run(self, keep: Callable[[int, Any], None]) -> None:
        for place, rule in enumerate(self.rules):
            keep(place, rule(self.data))


def _safe(top: pd.Series[Any], bottom: pd.Series[Any]) -> pd.Series[Any]:
    return top / bottom.where(bottom != 0)  # by nothing there is no answer


def seconds(work: Callable[[], object]) -> float:
    gc.collect()
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def peak(work: Callable[[], object]) -> float:
    """MB allocated at the highest while it works."""
    gc.collect()
    tracemalloc.start()
    work()
    highest = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return highest / 1e6


def nothing(*_: object) -> None:
    """Answers are looked at and dropped, as a run that counts them would."""


def different(ours: Ours, hand: ByHand) -> int:
    """In how many answers the two differ."""
    theirs: dict[int, Any] = {}
    hand.run(lambda place, found: theirs.__setitem__(place, found.to_numpy(dtype=float, na_value=np.nan)))
    wrong = []

    def compare(place: int, values: Any, state: Any) -> None:
        mine = np.where(state == KNOWN, values.astype(float), np.nan)
        wrong.append(int((~((mine == theirs[place]) | (np.isnan(mine) & np.isnan(theirs[place])))).sum()))

    ours.run(compare)
    return sum(wrong)


# --- engines that go row by row -----------------------------------------------------------------------------------

Row = dict[str, Any]
Judge = Callable[[Row], Any]


@dataclass(frozen=True)
class Engine:
    """How a rule is made ready and a row put, and of how many rules one is judged."""

    module: str
    ready: Callable[[str], Judge]
    row: Callable[[Row], Row] = dict
    every: int = 1


def _rule_engine(text: str) -> Judge:
    import rule_engine

    return rule_engine.Rule(text).evaluate


def _simpleeval(text: str) -> Judge:
    import simpleeval

    engine = simpleeval.SimpleEval()
    tree = engine.parse(text)

    def judge(row: Row) -> Any:
        engine.names = row
        return engine.eval(text, previously_parsed=tree)

    return judge


def _cel(text: str) -> Judge:
    import celpy

    text = re.sub(r"(?<![\w.])(\d+)(?![\w.])", r"\1.0", text)  # it compares no whole number with a broken one
    text = text.replace(" and ", " && ").replace(" or ", " || ").replace("not (", "!(")
    environment = celpy.Environment()
    return environment.program(environment.compile(text)).evaluate


def _cel_row(row: Row) -> Row:
    from celpy import celtypes

    kinds = {float: celtypes.DoubleType, str: celtypes.StringType}
    return {name: kinds[type(value)](value) for name, value in row.items()}


ENGINES = {
    "rule-engine": Engine("rule_engine", _rule_engine),
    "simpleeval": Engine("simpleeval", _simpleeval),
    "cel-python": Engine("celpy", _cel, _cel_row, every=51),
}


def plainly(text: str) -> str:
    """The same question without abs and without chains, which not all engines have."""
    text = text.replace("0 < offers <=", "0 < offers and offers <=")
    inside, after = "applies - applications", text.partition("> ")[2]
    return f"({inside} > {after}) or (0 - ({inside}) > {after})" if text.startswith("abs(") else text


def row_by_row(engine: Engine, rules: Sequence[Made], rows: Sequence[Row]) -> tuple[float, list[list[bool]]]:
    """Seconds of judging, without making ready, and the answers by rule."""
    judges = [engine.ready(plainly(rule.ours)) for rule in rules]
    put = [engine.row(row) for row in rows]
    answers: list[list[bool]] = []
    taken = seconds(lambda: answers.extend([bool(judge(row)) for row in put] for judge in judges))
    return taken, answers


def sample(columns: Mapping[str, list[Any]], number: int, median: float) -> tuple[list[int], list[Row]]:
    """Subjects in which all is known and nothing is zero: the places of so many, and their rows."""
    places = [place for place in range(len(columns["spend"])) if all(values[place] for values in columns.values())]
    chosen = places[: max(number, 1)]
    rows = [{**{name: values[place] for name, values in columns.items()}, "median_spend": median} for place in chosen]
    return chosen, rows


def against_engines(ours: Ours, rules: Sequence[Made], columns: Mapping[str, list[Any]], mine: float) -> None:
    answers: dict[int, Any] = {}
    median = ours.params["median_spend"]
    places, rows = sample(columns, ours.length // 100, median)
    ours.run(lambda place, values, _: answers.__setitem__(place, values[places]))
    for name, engine in ENGINES.items():
        if importlib.util.find_spec(engine.module) is None:
            print(f"{name:<16} is not installed")
            continue
        taken, theirs = row_by_row(engine, rules[:: engine.every], rows)
        wrong = sum(int((answers[place * engine.every] != found).sum()) for place, found in enumerate(theirs))
        ratio = taken / mine * len(rules) / len(theirs) * ours.length / len(rows)
        part = f"from {len(rows):,} subjects and {len(theirs):,} rules; {wrong:,} answers differ"
        print(f"{name:<16} {ratio:8,.0f} times ours, scaled {part}")


def main(rules: int = 1000, number: int = 100_000) -> None:
    columns, chosen = subjects(number), made(rules)
    median = statistics.median(value for value in columns["spend"] if value is not None)
    ours, hand = Ours(chosen, columns, median), ByHand(chosen, columns, median)
    print(f"{rules:,} rules, {number:,} subjects; {different(ours, hand):,} answers differ from pandas by hand")
    rounds = [(seconds(lambda: ours.run(nothing)), seconds(lambda: hand.run(nothing))) for _ in range(ROUNDS)]
    mine = statistics.median(first for first, _ in rounds)
    ratios = sorted(second / first for first, second in rounds)
    highest = [peak(lambda: ours.run(nothing)), peak(lambda: hand.run(nothing))]
    print(f"ours             {mine:8.2f} s; parsing and checking, once, {ours.parsing:.2f} s")
    print(f"pandas by hand   {statistics.median(ratios):8.1f} times ours ({ratios[0]:.1f} to {ratios[-1]:.1f})")
    print(f"memory           {highest[0]:8.0f} MB at the highest, pandas by hand {highest[1]:.0f} MB")
    against_engines(ours, chosen, columns, mine)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
