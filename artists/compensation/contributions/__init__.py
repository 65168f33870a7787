"""What somebody did that counts, and what it is worth."""
