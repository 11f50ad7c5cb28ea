"""What a bookmark may know."""
