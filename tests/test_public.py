"""What the package shows the world: five verbs, a version, and no weight before it is needed."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import rm_audit

HEAVY = ("numpy", "pandas", "scipy", "openpyxl", "babel", "rapidfuzz", "matplotlib", "jinja2")


def python(code: str) -> str:
    """What a fresh interpreter prints; a warning is an error there too."""
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.strip()


def loaded(code: str) -> str:
    """Which of the heavy packages a piece of code loads."""
    return python(f"import sys\n{code}\nprint([name for name in {HEAVY!r} if name in sys.modules])").splitlines()[-1]


def test_five_verbs_and_no_other_name() -> None:
    """`__all__` is the whole of it, and an unknown name is an AttributeError."""
    assert rm_audit.__all__ == ["audit", "compare", "load_rules", "read", "render"]
    assert python(
        "import rm_audit\ntry:\n    rm_audit.nothing\nexcept AttributeError as error:\n    print(error)"
    ) == "module 'rm_audit' has no attribute 'nothing'"  # fmt: skip


def test_every_verb_can_be_called_however_it_is_imported() -> None:
    """By attribute, twice, and by `from ... import ...`: a function, and never the module of the same name."""
    attribute = "import rm_audit as r\nprint([callable(getattr(r, name)) for name in r.__all__ * 2])"
    assert python(attribute) == str([True] * 10)
    for name in rm_audit.__all__:
        assert python(f"from rm_audit import {name}\nprint(callable({name}))") == "True"
    star = "from rm_audit import *\nprint(all(map(callable, [audit, compare, load_rules, read, render])))"
    assert python(star) == "True"


def test_the_verbs_make_a_report(tmp_path: Path) -> None:
    """Read a file, load the rules, audit on a day, render: what the README shows."""
    (tmp_path / "spend.csv").write_text("Month,Channel,Spend (EUR)\n2026-01,Indeed,100\n")
    book = rm_audit.read(tmp_path / "spend.csv")
    report = rm_audit.audit(book, rm_audit.load_rules(), as_of=date(2026, 6, 30))
    text = rm_audit.render(report, "json")
    assert (report.document["schema"], report.document["money"]["examined"]) == ("rm-audit/report/1", 100.0)
    assert text == report.to_json()


def test_importing_the_package_loads_nothing_heavy() -> None:
    """Neither pandas nor numpy, nor any of the others."""
    assert loaded("import rm_audit") == "[]"


def test_help_loads_nothing_heavy() -> None:
    """`rm-audit --help`, and the help of the commands that need the most."""
    for arguments in (["--help"], ["analyze", "--help"], ["check", "--help"], ["rules", "--help"], ["init", "--help"]):
        code = (
            f"sys.argv = ['rm-audit', *{arguments!r}]\nfrom rm_audit.cli.main import run\n"
            "try:\n    run()\nexcept SystemExit as done:\n    assert not done.code, done.code"
        )
        assert loaded(code) == "[]"


def test_one_command_does_not_declare_the_others() -> None:
    """`rm-audit check --help` knows nothing of explain, nor of the groups of commands; `rm-audit --help` knows all."""
    for arguments, others in ((["check", "--help"], []), (["--help"], ["explain", "rules"])):
        code = (
            "from rm_audit.cli.main import run_with\n"
            f"try:\n    run_with({arguments!r})\nexcept SystemExit:\n    pass\n"
            "import sys\nprint([name for name in ('explain', 'rules') if f'rm_audit.cli.{name}' in sys.modules])"
        )
        assert python(code).splitlines()[-1] == str(others)


def test_the_special_functions_are_those_of_scipy_without_the_rest_of_it() -> None:
    """Nothing of the package around them is loaded; whoever imports it afterwards gets it whole, with the same ones."""
    code = (
        "import sys\nfrom rm_audit import special\n"
        "print([name for name in ('scipy.special', 'numpy.f2py', 'numpy.testing') if name in sys.modules])\n"
        "import scipy.special, scipy.stats\n"
        "print({getattr(scipy.special, name) is getattr(special, name) for name in special.__all__})\n"
        "print(scipy.special.zeta(2.0), scipy.stats.norm.cdf(0.0))"
    )
    assert python(code) == "[]\n{True}\n1.6449340668482264 0.5"


def test_the_special_functions_after_scipy_itself() -> None:
    """Where the package is there already, it is asked."""
    code = "import scipy.special\nfrom rm_audit import special\nprint(special.ndtr is scipy.special.ndtr)"
    assert python(code) == "True"


def test_the_version_is_printed_and_nothing_else() -> None:
    """`rm-audit --version`."""
    code = "import sys\nsys.argv = ['rm-audit', '--version']\nfrom rm_audit.cli.main import run\nrun()"
    assert python(code) == f"rm-audit {rm_audit.__version__}"
