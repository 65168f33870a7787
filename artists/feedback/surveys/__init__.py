"""Feedback forms that staff build, and what artists answer."""
