"""The rows of feedback, one noun per file."""
