"""What is made of a large file by its plan, or by that of a plain copy of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from rm_audit.days import Period
from rm_audit.profiles.model import Profile
from rm_audit.readers import FileRead
from rm_audit.rollups.plan import NotPlainError, Plan, WrittenError, check_layout, plan_of, recognised

Made = TypeVar("Made")


@dataclass(frozen=True)
class Asked:
    """The period that was set, what persons are hashed with, and how much memory an engine may use."""

    period: Period | None
    key: bytes
    memory: str


def on_plan(file: FileRead, profiles: Sequence[Profile], asked: Asked, use: Callable[[Plan], Made]) -> Made:
    """What `use` makes of the plan of a file; where only its writing hinders, of the plan of a plain copy. Raises
    NotPlainError."""
    whole = file.whole
    if whole is None:
        raise NotPlainError("a file that is read cell by cell")
    block, layout = recognised(file.sheets, profiles)
    try:
        return use(plan_of(whole, block, layout, asked.period, asked.key))
    except WrittenError as error:
        from rm_audit.rollups.copying import PIECES, copied  # few files need it

        if whole.kind not in PIECES:
            raise
        check_layout(block, layout)
        words = f"Copying {file.source.file} in plain writing: {error}"
    with copied(whole, block, layout, asked, words) as plan:
        return use(plan)
