"""The books: funds, accounts, entries that never change."""
