"""Pages of open letters, by who reads them."""
