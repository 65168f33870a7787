"""Doubles of what lies outside: each speaks the real protocol."""
