"""Subjects that concern the people of the program."""
