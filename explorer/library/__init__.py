"""Stories in memory, as new as the database has them."""
