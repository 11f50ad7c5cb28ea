"""Keeping what is known."""
