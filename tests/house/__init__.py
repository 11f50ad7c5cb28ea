"""The house itself: its plan, its words, its settings, what ships with it."""
