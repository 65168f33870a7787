"""Typed news: a row in the act's own transaction, delivered after commit and again by the sweep."""

from .news import News, listen, listeners_of

__all__ = ["News", "announce", "listen", "listeners_of"]


def announce(news: News) -> None:
    """Write the news in the caller's transaction; listeners hear it after commit. The same key twice is told once."""
    from .delivery import post

    post(news)
