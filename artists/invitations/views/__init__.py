"""Pages of invitations: for whoever holds a link, and for staff."""
