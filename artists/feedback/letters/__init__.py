"""Open letters: written by artists, public by their signatures, answered by the program and never removed by it."""
