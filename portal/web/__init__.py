"""Composed pages and commands."""
