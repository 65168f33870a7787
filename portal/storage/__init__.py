"""Private files and their one exit."""
