"""What tests begin with, made by the real services."""
