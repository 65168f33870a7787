"""What artists' work is worth: contributions, the ledger, awards, payments."""
