"""Critique that nobody can trace to its author, counted by the week and answered in public."""
