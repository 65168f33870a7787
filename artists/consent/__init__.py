"""Consent: the program asks, artists answer; every use stands on a live consent."""
