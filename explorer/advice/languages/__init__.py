"""What advice knows of languages."""
