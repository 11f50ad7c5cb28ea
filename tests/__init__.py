"""Tests: what must hold, a sentence each."""
