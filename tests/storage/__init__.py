"""Stories in a database."""
