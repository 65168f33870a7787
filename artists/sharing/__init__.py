"""How a clip becomes public."""
