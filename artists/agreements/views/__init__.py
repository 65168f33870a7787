"""Pages of agreements: for who signs, and for staff."""
