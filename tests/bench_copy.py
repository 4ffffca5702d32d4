"""The copy detector measured: `python tests/bench_copy.py [MESSAGES]` judges the texts of `tests/copy` in turn.

Prints the seconds for 10,000 messages on one core (the best of three: whatever else runs only adds), and for hostile
texts of 1 MB what a character costs beside what it costs in a text of 100 kB: 1 is linear.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import yaml

from rm_audit.copy import judge

MESSAGES = 10_000
HOSTILE = {
    "one word": "a",
    "open tags": "<a ",
    "open fields": "{{",
    "numbers": "1,",
    "half a phrase": "how do you ",
    "gaps": "if you interested in career work home best ",
    "line ends": "\n",
    "sign-offs": "Thank you\n",
    "questions": "What is it?\nyes\n",
    "ampersands": "&",
    "at signs": "a@",
    "quotes": "> on it wrote:\n",
}


def texts() -> Iterator[str]:
    for name in ("dev", "held"):
        for source in yaml.safe_load((Path(__file__).parent / "copy" / f"{name}.yaml").read_text("utf-8")):
            yield from (item["text"] for item in source["texts"])


def seconds(messages: list[str]) -> float:
    start = time.process_time()
    for message in messages:
        judge(message)
    return time.process_time() - start


def main(count: int = MESSAGES) -> None:
    found = list(texts())
    judge(found[0])  # reading the rules is no part of judging
    messages = (found * (count // len(found) + 1))[:count]
    words = sum(len(message.split()) for message in messages) / count
    print(f"{count:,} messages of {words:.0f} words: {min(seconds(messages) for _ in range(3)):.2f} s")
    for name, piece in HOSTILE.items():
        small, large = (seconds([piece * (size // len(piece))]) for size in (100_000, 1_000_000))
        print(f"{name:<14} 1 MB: {large:6.2f} s, {large / 10 / max(small, 0.001):.1f} times a character of 100 kB")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
