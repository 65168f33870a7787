"""What binds whom."""
