"""Acts on payments."""
