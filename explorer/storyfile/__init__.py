"""The story file: its shape, its sense, and every problem with the line it stands on."""
