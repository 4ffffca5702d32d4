"""What other repositories take from this one, run for real: the pre-commit hook and the steps of the action."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml

from rm_audit.cli.hook import parted

ROOT = Path(__file__).parent.parent
GOOD = ["Line,Budget,KPI,Owner,Objective", "Meetup,4000,hires in June,TA ops,meet drivers"]
BAD = ["Line,Budget,KPI,Owner,Objective", "CRM licence,18000,,TA ops,one view of everybody"]


def sh(*command: str, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PYTHON"))}
    git = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    return subprocess.run(
        command, cwd=cwd, env={**plain, **git, **env}, capture_output=True, encoding="utf-8", check=False
    )


def git(*arguments: str, cwd: Path) -> str:
    who = ("-c", "user.name=T", "-c", "user.email=t@example.com", "-c", "init.defaultBranch=main")
    done = sh("git", *who, *arguments, cwd=cwd)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def workbook(path: Path, lines: list[str]) -> None:
    path.parent.mkdir(exist_ok=True)
    book = openpyxl.Workbook()
    for row in lines:
        book.active.append([int(cell) if cell.isdigit() else cell or None for cell in row.split(",")])
    book.save(path)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This project as a repository, as others would name it."""
    folder = tmp_path_factory.mktemp("source")
    kept = ("rm_audit", "rules", "README.md", "LICENSE", "pyproject.toml", ".pre-commit-hooks.yaml", "action.yml")
    for name in kept:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, folder / name)
    git("init", "-q", cwd=folder)
    git("add", "-A", cwd=folder)
    git("commit", "-qm", "all", cwd=folder)
    return folder


def test_the_hook_holds_a_bad_plan_back_and_lets_a_good_one_pass(source: Path, tmp_path: Path) -> None:
    """pre-commit installs this repository and calls it once a workbook; the good plan is named in no finding."""
    repo = tmp_path / "repo"
    repo.mkdir()
    git("init", "-q", cwd=repo)
    rev = git("rev-parse", "HEAD", cwd=source)
    hook = {"id": "rm-audit", "args": ["--as-of", "2026-06-30"]}
    config = {"repos": [{"repo": str(source), "rev": rev, "hooks": [hook]}]}
    (repo / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config))
    workbook(repo / "plans" / "good.xlsx", GOOD)
    workbook(repo / "plans" / "my plan.xlsx", BAD)
    git("add", "-A", cwd=repo)
    run = (sys.executable, "-m", "pre_commit", "run", "rm-audit")
    first = sh(*run, cwd=repo, PRE_COMMIT_HOME=str(tmp_path / "home"))
    assert first.returncode == 1, first.stdout + first.stderr
    assert "my plan.xlsx#Sheet!B2: high: 18,000 for 'CRM licence' is planned without a KPI. [plan-no-kpi]" in (
        first.stdout
    )
    assert first.stdout.count("\nrm-audit 0.1.0: ") == 2  # two books
    assert "good.xlsx#" not in first.stdout
    workbook(repo / "plans" / "my plan.xlsx", GOOD)
    git("add", "-A", cwd=repo)
    second = sh(*run, cwd=repo, PRE_COMMIT_HOME=str(tmp_path / "home"))
    assert (second.returncode, second.stdout.rstrip().endswith("Passed")) == (0, True)


def test_the_hook_tells_options_from_files() -> None:
    """A project file among the options is no workbook."""
    assert parted(["--config", "rm-audit.yaml", "--fail-on", "low", "a.xlsx", "b c.csv"]) == (
        ["--config", "rm-audit.yaml", "--fail-on", "low"],
        ["a.xlsx", "b c.csv"],
    )


def steps(action: Any, inputs: dict[str, str]) -> list[tuple[str, dict[str, str]]]:
    """The commands of the action with their variables; inputs stand in variables alone."""
    defaults = {name: str(item.get("default", "")) for name, item in action["inputs"].items()}
    values = {**defaults, **inputs}
    found = []
    for step in action["runs"]["steps"]:
        assert step["shell"] == "bash"
        assert "${{" not in step["run"]
        env = {
            name: values[text.removeprefix("${{ inputs.").removesuffix(" }}")]
            for name, text in step.get("env", {}).items()
        }
        found.append((step["run"], env))
    return found


def lend_libraries(environment: Path) -> None:
    """Lends the environment the libraries that the tests have, so that only this project is to be installed."""
    (own,) = environment.glob("lib/python*/site-packages")
    (own / "lent.pth").write_text(sysconfig.get_path("purelib"))


def test_the_steps_of_the_action(source: Path, tmp_path: Path) -> None:
    """A runner's shell installs it and checks a plan: annotations, a summary, SARIF, and exit 1."""
    venv.create(tmp_path / "python", with_pip=True)
    lend_libraries(tmp_path / "python")
    workbook(tmp_path / "plans" / "my plan.xlsx", BAD)
    runner = {
        "PATH": f"{tmp_path / 'python' / 'bin'}:{os.environ['PATH']}",
        "GITHUB_ACTION_PATH": str(source),
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
        "GITHUB_OUTPUT": str(tmp_path / "output.txt"),
        "RUNNER_TEMP": str(tmp_path / "temp"),
    }
    action = yaml.safe_load((source / "action.yml").read_text("utf-8"))
    inputs = {"paths": "plans/my plan.xlsx\n", "args": "--as-of 2026-06-30"}
    install, check = (
        sh("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", run, cwd=tmp_path, **runner, **env)
        for run, env in steps(action, inputs)
    )
    assert install.returncode == 0, install.stderr
    assert (check.returncode, check.stderr) == (1, "failed: 1 finding at severity high or over\n")
    assert "::error file=plans/my plan.xlsx,line=2,title=high%3A plan-no-kpi::Sheet!B2: 18,000 for" in check.stdout
    assert (tmp_path / "summary.md").read_text("utf-8").startswith("### rm-audit: ")
    outputs = dict(line.split("=", 1) for line in (tmp_path / "output.txt").read_text().splitlines())
    assert all(Path(path).is_file() for path in outputs.values())
    assert set(outputs) == set(action["outputs"])


def test_check_is_short_and_has_the_exit_codes_of_the_contract(tmp_path: Path) -> None:
    """0 for a good plan, 1 for a gate that is reached, 2 for wrong use, 3 for what cannot be audited."""
    workbook(tmp_path / "good.xlsx", GOOD)
    workbook(tmp_path / "bad.xlsx", BAD)
    for arguments, code in (
        (("good.xlsx",), 0),
        (("bad.xlsx",), 1),
        (("bad.xlsx", "--fail-on", "never"), 0),
        (("bad.xlsx", "--fail-on", "never", "--fail-on-amount", "1"), 0),  # misdirected money is not in that gate
        (("bad.xlsx", "--fail-on", "hihg"), 2),
        (("gone.xlsx",), 3),
    ):
        command = [sys.executable, "-m", "rm_audit.cli.main", "check", *arguments, "--as-of", "2026-06-30"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", check=False)
        assert (arguments, done.returncode) == (arguments, code)
        assert len(done.stdout.splitlines()) < 15
