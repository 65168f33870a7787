"""Screens of bug reports, by who looks at them."""
