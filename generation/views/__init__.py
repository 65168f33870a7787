"""An artist's own rooms."""
