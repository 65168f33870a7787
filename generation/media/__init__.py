"""Films as files: writing, reading, joining, stills. No Django in here."""
