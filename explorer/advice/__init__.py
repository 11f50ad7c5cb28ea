"""Advice for authors: what the first reader of each passage knows, and what it tells them."""
