"""The commands: the only room with a clock, the environment, printing and exit codes."""
