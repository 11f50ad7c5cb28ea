"""The gate: lays a bookmark on a story and gives pages of known values."""
