"""Template filters of consent."""
