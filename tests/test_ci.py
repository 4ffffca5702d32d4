"""What other repositories take from this one, run for real: the pre-commit hook and the steps of the action."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml
from making import rm

from rm_audit import __version__
from rm_audit.cli.hook import FLAGS, parted

ROOT = Path(__file__).parent.parent
GOOD = ["Line,Budget,KPI,Owner,Objective", "Meetup,4000,hires in June,TA ops,meet drivers"]
# Lends a new environment the libraries that the tests have, so that only this project is to be installed in it.
LENT = {"PYTHONPATH": sysconfig.get_path("purelib")}
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
    path.parent.mkdir(parents=True, exist_ok=True)
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
    git("tag", f"v{__version__}", cwd=folder)
    return folder


def test_the_hook_tells_options_from_files() -> None:
    """A project file among the options is no workbook, nor is a file that an option writes."""
    for options, files in (
        (["--config", "rm-audit.yaml", "--fail-on", "low"], ["a.xlsx", "b c.csv"]),
        (["--quiet"], ["a.xlsx"]),
        (["--output", "report.csv"], ["a.xlsx"]),
        (["shared/hires.csv", "--output=report.csv", "--currency", "EUR"], ["a.xlsx"]),
        ([], ["a.xlsx"]),
        (["--as-of", "2026-06-30"], []),
    ):
        assert parted([*options, *files]) == (options, files)


def test_the_hook_knows_which_options_take_no_value() -> None:
    """Those that `check --help` shows without a word for their value."""
    _, text, _ = rm("check", "--help", cwd=ROOT)
    assert set(re.findall(r"(?m)^  (--[a-z-]+)  ", text)) - {"--help"} == set(FLAGS)


def steps(action: Any, inputs: Mapping[str, str]) -> list[tuple[str, dict[str, str]]]:
    """The commands of the action with their variables; inputs stand in variables alone."""
    assert set(inputs) <= set(action["inputs"])
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


class Runner:
    """What a runner of GitHub does with steps: a shell each, and files in which a step tells the next ones."""

    def __init__(self, source: Path, home: Path) -> None:
        self.action = yaml.safe_load((source / "action.yml").read_text("utf-8"))
        self.files = {name: home / name.lower() for name in ("GITHUB_PATH", "GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        self.places = {"GITHUB_ACTION_PATH": str(source), "RUNNER_TEMP": str(home / "runner temp"), **LENT}
        Path(self.places["RUNNER_TEMP"]).mkdir()
        self.files["GITHUB_PATH"].touch()
        self.installed = False

    def run(self, command: str, repo: Path, **env: str) -> subprocess.CompletedProcess[str]:
        told = {name: str(file) for name, file in self.files.items()}
        path = ":".join([*reversed(self.files["GITHUB_PATH"].read_text().splitlines()), os.environ["PATH"]])
        shell = ("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", command)
        return sh(*shell, cwd=repo, **{**self.places, **told, "PATH": path, **env})

    def use(self, inputs: Mapping[str, str], repo: Path) -> subprocess.CompletedProcess[str]:
        """The action on a repository; what it installed for one test is there for the next."""
        (install, _), (check, env) = steps(self.action, inputs)
        if not self.installed:
            done = self.run(install, repo)
            assert done.returncode == 0, done.stderr
            self.installed = True
        for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"):
            self.files[name].write_text("")
        shutil.rmtree(Path(self.places["RUNNER_TEMP"]) / "rm-audit", ignore_errors=True)
        return self.run(check, repo, **env)

    @property
    def outputs(self) -> dict[str, str]:
        return dict(line.split("=", 1) for line in self.files["GITHUB_OUTPUT"].read_text().splitlines())


@pytest.fixture(scope="module")
def runner(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Runner:
    return Runner(source, tmp_path_factory.mktemp("runner"))


def test_the_steps_of_the_action(runner: Runner, tmp_path: Path) -> None:
    """A runner's shell installs it and checks a plan: annotations, a summary, SARIF, and exit 1. With a severity that
    is none: exit 2, and nothing to upload."""
    workbook(tmp_path / "plans" / "my plan.xlsx", BAD)
    plan = {"paths": "plans/my plan.xlsx\r\n\n", "args": "--as-of 2026-06-30"}
    check = runner.use(plan, tmp_path)
    assert (check.returncode, check.stderr) == (1, "failed: 1 finding at severity high or over\n")
    assert "::error file=plans/my plan.xlsx,line=2,title=high%3A plan-no-kpi::Sheet!B2: 18,000 for" in check.stdout
    assert runner.files["GITHUB_STEP_SUMMARY"].read_text("utf-8").startswith("### rm-audit: ")
    assert all(Path(path).is_file() for path in runner.outputs.values())
    assert set(runner.outputs) == set(runner.action["outputs"])
    assert runner.use({**plan, "fail-on": "hihg"}, tmp_path).returncode == 2
    assert runner.outputs == {}


# --- what the README says to copy -------------------------------------------------------------------------------


def readme(holding: str) -> Any:
    """A block of YAML of the README, parsed."""
    blocks = re.findall(r"```yaml\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    return yaml.safe_load(next(text for text in blocks if holding in text))


def options_of(*command: str) -> set[str]:
    _, text, _ = rm(*command, "--help", cwd=ROOT)
    return set(re.findall(r"(?m)^  (--[a-z-]+)", text))


def test_the_snippets_of_the_readme_name_real_inputs_and_options() -> None:
    """The release that they name is this one; each option is one of its own command."""
    workflow, hooks = readme("runs-on"), readme("repos:")
    (audit,) = [step for step in workflow["jobs"]["audit"]["steps"] if step.get("uses", "").startswith("OWNER/")]
    (repo,) = hooks["repos"]
    (hook,) = repo["hooks"]
    action = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    (shipped,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    named = {word for word in (*audit["with"]["args"].split(), *hook["args"]) if word.startswith("--")}
    assert (audit["uses"], repo["rev"]) == (f"OWNER/rm-audit@v{__version__}", f"v{__version__}")
    assert set(audit["with"]) <= set(action["inputs"])
    assert hook["id"] == shipped["id"]
    assert named <= options_of("check")
    runs = [step["run"].split() for step in workflow["jobs"]["audit"]["steps"] if "run" in step]
    for _, command, *words in runs:
        assert {word for word in words if word.startswith("--")} <= options_of(command)


def test_the_workflow_of_the_readme_runs(runner: Runner, tmp_path: Path) -> None:
    """Its steps on a repository: a bad plan fails, is told with its SARIF, and is worse than the plan agreed before."""
    steps_of = readme("runs-on")["jobs"]["audit"]["steps"]
    by_use = {step.get("uses", "run").partition("@")[0]: step for step in steps_of}
    audit, upload, ratchet = by_use["OWNER/rm-audit"], by_use["github/codeql-action/upload-sarif"], by_use["run"]
    plan = tmp_path / "plans" / "plan-2027.xlsx"
    workbook(plan, GOOD)
    assert runner.use(audit["with"], tmp_path).returncode == 0
    agree = "rm-audit analyze plans/plan-2027.xlsx --output plans/agreed.json"
    assert agree in re.sub(r"\s+", " ", (ROOT / "README.md").read_text("utf-8"))
    assert runner.run(agree, tmp_path).returncode == 0
    workbook(plan, BAD)
    assert runner.use(audit["with"], tmp_path).returncode == 1
    assert upload["with"]["sarif_file"] == "${{ steps.audit.outputs.sarif }}"
    log = json.loads(Path(runner.outputs["sarif"]).read_text("utf-8"))
    (place,) = [artifact["location"]["uri"] for artifact in log["runs"][0]["artifacts"]]
    assert place == "plans/plan-2027.xlsx"
    step_back = runner.run(ratchet["run"], tmp_path)
    assert step_back.returncode == 1
    assert "failed: the score fell from 100.0 to 0.0" in step_back.stderr


def test_the_hook_of_the_readme_holds_a_bad_plan_back_and_lets_a_good_one_pass(source: Path, tmp_path: Path) -> None:
    """pre-commit installs this repository at the release that the README names and calls it once a workbook. Only what
    lies under plans/ is looked at, and the good plan is named in no finding."""
    config = readme("repos:")
    config["repos"][0]["repo"] = str(source)
    repo = tmp_path / "repo"
    workbook(repo / "plans" / "good.xlsx", GOOD)
    workbook(repo / "plans" / "my plan.xlsx", BAD)
    workbook(repo / "elsewhere.xlsx", BAD)
    (repo / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config))
    git("init", "-q", cwd=repo)
    git("add", "-A", cwd=repo)
    run = (sys.executable, "-m", "pre_commit", "run", "rm-audit")
    home = {"PRE_COMMIT_HOME": str(tmp_path / "home"), **LENT}
    first = sh(*run, cwd=repo, **home)
    assert first.returncode == 1, first.stdout + first.stderr
    assert "my plan.xlsx#Sheet!B2: high: 18,000 for 'CRM licence' is planned without a KPI. [plan-no-kpi]" in (
        first.stdout
    )
    assert first.stdout.count(f"\nrm-audit {__version__}: ") == 2  # two books
    assert "good.xlsx#" not in first.stdout
    assert "elsewhere.xlsx" not in first.stdout
    workbook(repo / "plans" / "my plan.xlsx", GOOD)
    git("add", "-A", cwd=repo)
    second = sh(*run, cwd=repo, **home)
    assert (second.returncode, second.stdout.rstrip().endswith("Passed")) == (0, True)


def test_check_is_short_and_has_the_exit_codes_of_the_contract(tmp_path: Path) -> None:
    """0 for a good plan, 1 for a gate that is reached, 2 for wrong use, 3 for what cannot be audited."""
    workbook(tmp_path / "good.xlsx", GOOD)
    workbook(tmp_path / "bad.xlsx", BAD)
    for arguments, code in (
        (("good.xlsx",), 0),
        (("bad.xlsx",), 1),
        (("bad.xlsx", "--fail-on", "never"), 0),
        (("bad.xlsx", "--fail-on", "never", "--fail-on-amount", "18000"), 1),
        (("bad.xlsx", "--fail-on", "never", "--fail-on-amount", "18000.01"), 0),
        (("bad.xlsx", "--fail-on", "hihg"), 2),
        (("gone.xlsx",), 3),
    ):
        found, said, _ = rm("check", *arguments, "--as-of", "2026-06-30", cwd=tmp_path)
        assert (arguments, found) == (arguments, code)
        assert len(said.splitlines()) < 15
