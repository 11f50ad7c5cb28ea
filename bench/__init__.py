"""Measures the app beside a bare Flask answer of the same size, in one run and on one core."""
