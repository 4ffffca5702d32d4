"""What the rules' own tests reach, as people read it."""

from __future__ import annotations

from collections.abc import Sequence

from rm_audit.rulebook.coverage import BOUNDARY, Branch, Coverage

_WORDS = {BOUNDARY: "on its threshold"}


def coverage_text(covered: Sequence[Coverage]) -> str:
    """The sum first, then each rule with what no test of it comes to."""
    reached, wanted = sum(item.reached for item in covered), sum(item.wanted for item in covered)
    share = 100 * reached // wanted if wanted else 100
    lines = [f"{reached} of {wanted} branches are reached by the rules' own tests ({share}%)"]
    for item in covered:
        lines.append(f"  {item.rule.id:<32} {item.reached} of {item.wanted}")
        lines += [f"    {branch.field:<7} {branch.text}: {_never(branch)}" for branch in item.branches if branch.never]
    return "\n".join(lines) + "\n"


def _never(branch: Branch) -> str:
    return "never " + ", ".join(_WORDS.get(outcome, outcome) for outcome in branch.never)
