"""The small text-to-video model that ships: its drawn world, its training, its evaluation and its weights."""
