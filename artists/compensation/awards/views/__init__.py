"""Pages of awards and grants."""
