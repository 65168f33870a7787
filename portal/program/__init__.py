"""The program and its cohorts."""
