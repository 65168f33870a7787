"""Screenings, calls and studio visits that artists can join."""
