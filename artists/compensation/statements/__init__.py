"""What an artist reads and takes along: earned, paid, statements, letters of service."""
