"""The queue: the database is the truth, Celery only rings."""
