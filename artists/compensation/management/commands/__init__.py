"""Commands of pay."""
