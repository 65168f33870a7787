"""Pages of consent: for artists, for their union, and for staff."""
