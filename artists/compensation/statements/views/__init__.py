"""Pages of this room: for the artist, for whoever checks a letter, for staff."""
