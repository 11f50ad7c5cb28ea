"""The addresses for readers."""
