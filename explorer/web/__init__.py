"""Addresses, input from strangers, answers and their headers."""
