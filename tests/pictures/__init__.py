"""Drawing what is known."""
