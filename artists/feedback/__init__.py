"""What artists say of the model and the program, and what became of it. Never a condition of anything."""
