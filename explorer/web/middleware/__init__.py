"""What stands around the whole application, one layer in each module."""
