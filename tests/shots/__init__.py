"""The screenshots of the README, taken from demonstration data: `python -m tests.shots`, with `--check` only compared."""
