"""What is looked for in a manuscript, a kind of advice in each module."""
