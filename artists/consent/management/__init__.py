"""Commands of consent."""
