"""Plot Explorer: read the plot of a work step by step, and be told as much as you want to know."""

from explorer.app import create_app

__all__ = ["create_app"]
