"""Pages of forms, by whose they are."""
