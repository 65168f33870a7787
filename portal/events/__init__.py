"""Small signals that wake browsers and workers: what changed, never how; the database stays the truth."""
