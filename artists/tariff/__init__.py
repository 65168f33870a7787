"""Published prices per kind of contribution."""
