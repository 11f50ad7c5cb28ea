"""Finding words in what is known."""
