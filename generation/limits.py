"""What a storyboard may be, for every model, and what a library holds."""

LONGEST_FILM_MS = 60_000
LONGEST_PROMPT = 2_000
MOST_SHOTS = 30
LONGEST_TITLE = 160
LARGEST_SEED = 2**32 - 1
MOST_ATTEMPTS = 3
LONGEST_NAME = 80  # of a collection
MOST_COLLECTIONS = 200
BIN_DAYS = 30
