"""The story file."""
