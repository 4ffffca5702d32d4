"""How often verdicts are wrong, and how much waste they find, on made employers with known truth.

    python tests/measure_verdicts.py --simulator FILE --score FILE --seed N --employers 400 --setting mixed

Each employer is written as files and audited by the real command line, in worker processes. The simulator is a Python
file with `make_employer(seed, index, setting)` that gives the tables `spend`, `applications` and `truth` and the day
`snapshot`, as a dict or as attributes; the scorer is one with `join(flags, truth, kind)` and `metrics(rows)`. Rules
that have no part in this are switched off in a project file beside the data, for storing what they rest on takes most
of the time; it changes no verdict. `--setting a,b` gives so many employers of each.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import io
import json
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any

KEPT = ("board-expensive", "campaign-expensive", "board-zero-hire", "quality-drift")
NAIVE_MULTIPLE, NAIVE_SPEND = 2.0, 1000.0  # the rules that everyone uses: twice the average, or no hire for this much
MARKS = (0.0, 0.05, 0.2, 0.5, 0.75, 0.8, 0.85, 0.9, 0.95, 1.0001)
_SHOWN = ("units", "bad", "flags", "FDR", "FDR_pm", "recall", "recall_pm", "usd_rec", "clean_emp")
_simulator: Any = None


def module(path: Path) -> Any:
    """A Python file as a module; its own folder is looked in for what it imports."""
    sys.path.insert(0, str(path.parent))
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"{path} is no Python file")
    made = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = made
    spec.loader.exec_module(made)
    return made


def start(path: Path) -> None:
    """What a worker needs once."""
    global _simulator
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    _simulator = module(path)


def employer(job: tuple[int, int, str]) -> tuple[list[dict[str, Any]], Any]:
    """Flags of one employer, the book's and the naive ones, and its truth."""
    seed, index, setting = job
    made = _simulator.make_employer(seed, index, setting)
    part = made.get if isinstance(made, dict) else lambda name: getattr(made, name)
    applications = part("applications")
    hidden = [name for name in applications.columns if name.startswith("_")]
    with tempfile.TemporaryDirectory() as folder:
        part("spend").to_csv(Path(folder, "spend.csv"), index=False)
        applications.drop(columns=hidden).to_csv(Path(folder, "applications.csv"), index=False)
        report = audit(Path(folder), str(part("snapshot"))[:10])
    truth = part("truth")
    name = f"{setting} {index}"
    truth = truth.assign(employer=name)
    return [{"employer": name, **flag} for flag in flags(report)], truth


def audit(folder: Path, day: str) -> dict[str, Any]:
    """The report of the command line."""
    from rm_audit.cli.main import run_with

    rules = "".join(f"  {name}: on\n" for name in KEPT)
    (folder / "rm-audit.yaml").write_text(f'rules:\n  "*": off\n{rules}', encoding="utf-8")
    said = io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.suppress(SystemExit):
        run_with(["analyze", str(folder), "--as-of", day, "--output", str(folder / "r.json"), "--quiet"])
    if not (folder / "r.json").exists():
        raise RuntimeError(said.getvalue())
    found: dict[str, Any] = json.loads((folder / "r.json").read_text("utf-8"))
    return found


def flags(report: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every channel and campaign with its verdict, its probability, and what the naive rule says of it."""
    for level in ("channel", "campaign"):
        units = report["subjects"].get(level, [])
        paid = [one for one in units if (one["spend"] or 0) > 0 and one["hires"] is not None]
        usual = sum(one["spend"] for one in paid) / max(sum(one["hires"] for one in paid), 1)
        for one in units:
            spend, hires = one["spend"] or 0, one["hires"] or 0
            if spend <= 0:
                continue  # a misspelt source beside its channel's campaigns, or a free channel: nobody pays for it
            naive = spend > NAIVE_MULTIPLE * usual * hires if hires else spend > NAIVE_SPEND
            name = one.get("campaign", one["name"])
            same = {"level": level, "name": name}
            yield {**same, "kind": "waste", "flagged": one["verdict"] == "confirmed",
                   "confidence": one["probability_wasteful"], "verdict": one["verdict"]}  # fmt: skip
            yield {**same, "kind": "naive", "flagged": naive, "confidence": float(naive), "verdict": ""}
            if level == "channel":
                trend = one["quality_trend"]
                yield {**same, "kind": "vuqd", "flagged": trend["verdict"] == "volume_up_quality_down",
                       "confidence": trend["probability"], "verdict": trend["verdict"]}  # fmt: skip


def table(found: Any, truth: Any, score: Any) -> Iterator[str]:
    """A line a kind, a level and a setting."""
    yield f"{'kind':6} {'level':9} {'setting':12}" + "".join(f"{name:>10}" for name in _SHOWN)
    for kind in ("waste", "naive", "vuqd"):
        rows = score.join(found[found.kind == kind].assign(kind="vuqd" if kind == "vuqd" else "waste"), truth,
                          "vuqd" if kind == "vuqd" else "waste")[0]  # fmt: skip
        for level, part in rows.groupby("level"):
            for setting, some in [("all", part), *part.groupby("setting")]:
                value = score.metrics(some)
                yield f"{kind:6} {level:9} {setting:12}" + "".join(f"{value[name]:10.3f}" for name in _SHOWN)


def calibration(found: Any, truth: Any, score: Any) -> Iterator[str]:
    """What the probability claims against what came true, in bins."""
    yield f"{'level':9} {'from':>5} {'units':>7} {'claimed':>8} {'delivered':>9}"
    given = found[(found.kind == "waste") & found.confidence.notna()]
    rows = score.join(given.assign(flagged=True), truth)[0]
    rows = rows[rows.f]
    for level, part in rows.groupby("level"):
        for low, high in pairwise(MARKS):
            some = part[(part.p >= low) & (part.p < high)]
            if len(some):
                yield f"{level:9} {low:5.2f} {len(some):7d} {some.p.mean():8.3f} {some.y.mean():9.3f}"


def _truth(flags: Path) -> Path:
    return flags.with_suffix(".truth.csv")


def _kept(flags: Path) -> tuple[Any, Any]:
    """The flags and the truth of an earlier run."""
    import pandas as pd

    return pd.read_csv(flags, keep_default_na=False, na_values={"confidence": [""]}), pd.read_csv(_truth(flags))


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--simulator", type=Path, required=True)
    parser.add_argument("--score", type=Path, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--employers", type=int, default=400)
    parser.add_argument("--setting", "--settings", "--world", default="mixed")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--flags", type=Path, help="keep every flag and the truth here, as CSV, and go on from there")
    parser.add_argument("--stop", action="store_true", help="audit no more employers; show what was kept")
    asked = parser.parse_args(argv)
    import pandas as pd

    score = module(asked.score)
    jobs = [(asked.seed, index, name) for name in asked.setting.split(",") for index in range(asked.employers)]
    found, truth = _kept(asked.flags) if asked.flags and asked.flags.exists() else (pd.DataFrame(), pd.DataFrame())
    done = set(truth.employer) if len(truth) else set()
    jobs = [job for job in jobs if f"{job[2]} {job[1]}" not in done]
    with ProcessPoolExecutor(asked.workers, initializer=start, initargs=(asked.simulator,)) as pool:
        for some, one in pool.map(employer, [] if asked.stop else jobs):
            found, truth = pd.concat([found, pd.DataFrame(some)]), pd.concat([truth, one])
            if asked.flags:
                pd.DataFrame(some).to_csv(asked.flags, mode="a", index=False, header=not asked.flags.exists())
                there = _truth(asked.flags)
                one.to_csv(there, mode="a", index=False, header=not there.exists())
    print(f"{truth.employer.nunique()} employers")
    print("\n".join(table(found, truth, score)))
    print("\n".join(calibration(found, truth, score)))
    waste = found[found.kind == "waste"]
    print(waste.groupby(["level", "verdict"]).size().to_string())


if __name__ == "__main__":
    main()
