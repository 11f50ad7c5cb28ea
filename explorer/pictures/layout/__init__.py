"""Where things go in a picture, and how much room they need."""
