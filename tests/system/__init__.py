"""The real server, other databases, and what ships for running it elsewhere."""
