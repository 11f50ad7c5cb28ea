"""What a bookmark may know of a story: one module decides, the others make of it what travels."""
