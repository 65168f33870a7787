"""Bug reports: what happened, on which film and frames, and what became of it."""
