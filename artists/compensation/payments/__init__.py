"""One instalment of an award on its way: rails, holds, attempts, what was found out."""
