"""Pages of sharing: for the artist who asks, for those who made the work too, and the media of both."""
