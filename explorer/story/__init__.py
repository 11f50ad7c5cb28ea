"""The work itself, all of it, as frozen values. Nothing in here may travel to a reader."""
