"""The addresses for programs, what they ask and get, and their description."""
