"""`python -m rm_audit` is `rm-audit`, also where that command is not on the path."""

from rm_audit.cli.main import run

run()
