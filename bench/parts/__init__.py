"""The parts of a run, each of which can be run alone."""
