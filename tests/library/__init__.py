"""Stories in memory."""
