"""Composed commands."""
