"""The review room: what waits, one request with its film, the outbox, a reviewer's own figures."""
