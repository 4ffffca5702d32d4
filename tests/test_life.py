"""The life of a rule and of a pack: what only stable rules do, and whether a pack is still what somebody looked at."""

from __future__ import annotations

from pathlib import Path

import pytest
from books import book, document, rule, rules
from hypothesis import given
from hypothesis import strategies as st

from rm_audit.cli.gates import Gates
from rm_audit.rendering.terminal import terminal
from rm_audit.rulebook.lock import LOCK_FILE, differences, lock_text, named
from rm_audit.rulebook.model import STATUSES
from rm_audit.rulebook.settings import ruleset

SPEND = "Channel,Spend\nIndeed,100\nMonster,5\n"
CLAIM = "{class: avoidable, step: statistical, amount: spend}"


@pytest.mark.parametrize("status", STATUSES)
def test_only_a_stable_rule_counts_in_the_score_the_money_and_the_gates(status: str) -> None:
    """The finding of 100 is listed in every state of a rule's life; it claims and closes a gate in one."""
    dear = rule(status=status, severity="critical", flag="spend > 10", money=CLAIM)
    found = document(book(spend=SPEND), rules(dear))
    stable = status == "stable"
    assert [finding["id"] for finding in found["findings"]] == ["a-rule[channel=Indeed]"]
    assert found["money"]["avoidable"] == (100 if stable else 0)
    assert bool(found["score"]["parts"]["alignment"]["value"] == 0) == stable
    assert bool(Gates("low", fail_on_amount=1).reached(found)) == stable
    mark = "a-rule" if stable else f"a-rule, {status}"
    assert f"critical: It was judged. [{mark}]" in terminal(found, short=True)
    assert f"[{mark}]" in terminal(found)


def test_the_status_is_law_and_its_history_is_not() -> None:
    """The hash sees that a rule became stable; since when, and how it was called, changes no verdict."""
    stable = ruleset([rule(flag="spend > 0")], {}).hash
    assert ruleset([rule(flag="spend > 0", since='"0.2"', renamed_from="[x]", replaced_by="y")], {}).hash == stable
    assert ruleset([rule(flag="spend > 0", status="preview")], {}).hash != stable


def test_an_id_that_a_rule_has_is_never_an_old_one() -> None:
    """A pack brings a rule `dear` while `costly` was called so once: settings for `dear` are for the pack's own."""
    costly, dear = rule(id="costly", renamed_from="[dear]", flag="spend > 0"), rule(id="dear", flag="spend > 1")
    found = ruleset([costly, dear], {"dear": "off"})
    assert ([one.id for one in found.rules], found.renamed, found.notes) == (["costly"], {}, ())


def test_a_hygiene_rule_holds_back_what_has_another_name_now() -> None:
    """A pack's `blind` blocks `dear`, which is called `costly` now: its fail cannot tell."""
    costly = rule(id="costly", renamed_from="[dear]", flag="spend > 10")
    blind = rule(id="blind", kind="hygiene", flag="spend > 0", blocks="[dear]")
    found = document(book(spend=SPEND), ruleset([costly, blind], {}))
    (judged,) = [one for one in found["rules"] if one["id"] == "costly"]
    assert (judged["blocked_by"], judged["judged"]["fail"], judged["judged"]["cannot_tell"]) == ("blind", 0, 1)


# --- the lock ---------------------------------------------------------------------------------------------------


def locked(folder: Path, files: dict[str, str]) -> tuple[Path, dict[str, Path]]:
    """A pack with these files and the lock beside it."""
    pack = folder / "packs" / "ours"
    pack.mkdir(parents=True)
    for name, text in files.items():
        (pack / name).write_text(text, encoding="utf-8", newline="")
    packs = named([pack], folder)
    lock = folder / LOCK_FILE
    lock.write_text(lock_text(packs), encoding="utf-8")
    return lock, packs


def test_the_lock_names_each_file_of_each_pack(tmp_path: Path) -> None:
    """The built-in rules first, then the pack by its path from the lock, each file with its sha256."""
    lock, _ = locked(tmp_path, {"pack.yaml": "title: Ours\n"})
    lines = lock.read_text("utf-8").splitlines()
    assert lines[:2] == [
        "# Written by `rm-audit rules lock`: the files of each rule pack. analyze and check warn where one differs.",
        "'built-in':",
    ]
    assert lines[-2:] == [
        "'packs/ours':",
        "  'pack.yaml': b682b560e9fc7474299fce6a248219bcc67fd9f2df1125274d6a194c270a177f",
    ]


def test_a_pack_as_it_was_locked_is_silent_and_so_is_another_way_to_end_lines(tmp_path: Path) -> None:
    """A checkout on Windows ends its lines with two characters; that is no change of the rules."""
    lock, packs = locked(tmp_path, {"a.yaml": "id: a\n"})
    (tmp_path / "packs" / "ours" / "a.yaml").write_bytes(b"id: a\r\n")
    assert differences(lock, packs) == []


def test_a_change_a_new_file_and_one_that_is_gone_are_told(tmp_path: Path) -> None:
    """One warning a pack, with the names of the files."""
    lock, packs = locked(tmp_path, {"a.yaml": "id: a\n", "b.yaml": "id: b\n"})
    pack = tmp_path / "packs" / "ours"
    (pack / "a.yaml").write_text("id: b\n", encoding="utf-8")
    (pack / "b.yaml").rename(pack / "c.yml")
    assert [problem.text() for problem in differences(lock, packs)] == [
        "rules.lock: warning: the rule pack 'packs/ours' is not as it was locked "
        "(changed: a.yaml; new: c.yml; gone: b.yaml)\n"
        "  help: Look at what is new, then run: rm-audit rules lock"
    ]


@given(st.text("ab'\": #{}[]&*!|>%@`,-é\\ ", min_size=1, max_size=12))
def test_whatever_a_pack_is_called_the_lock_is_read_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    """Quotation marks, brackets and signs of YAML in a folder's name."""
    folder = tmp_path_factory.mktemp("lock")
    pack = folder / f"x{name}x"
    pack.mkdir()
    (pack / "a.yaml").write_text("id: a\n", encoding="utf-8")
    (folder / LOCK_FILE).write_text(lock_text(named([pack], folder)), encoding="utf-8")
    assert differences(folder / LOCK_FILE, named([pack], folder)) == []
