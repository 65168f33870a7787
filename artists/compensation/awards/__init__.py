"""What the program promises: grants, fees, batches of contributions; two people approve."""
