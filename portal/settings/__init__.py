"""Settings: base with embedded defaults, and the tests' own."""
