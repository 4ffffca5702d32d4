"""The code that reads, checks, proves and runs rules. The rules themselves are YAML, in `rules/`."""
