"""What is known, to keep: as Markdown and as JSON."""
