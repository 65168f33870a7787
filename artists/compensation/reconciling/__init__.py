"""What the rail says, against our books: webhooks as hints, what reached the bank, and the comparison that finds what differs."""
