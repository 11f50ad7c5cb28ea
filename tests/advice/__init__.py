"""Advice for authors."""
