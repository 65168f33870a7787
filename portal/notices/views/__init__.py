"""Pages of inbox and mail."""
