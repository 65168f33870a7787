"""Template tags of the composed pages and components."""
