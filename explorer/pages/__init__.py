"""What templates get: a value for each page, made of known values."""
