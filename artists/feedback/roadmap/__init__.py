"""The roadmap: what is planned and shipped, and which reports and responses it came from."""
