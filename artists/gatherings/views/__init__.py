"""Pages of gatherings, by who reads them."""
