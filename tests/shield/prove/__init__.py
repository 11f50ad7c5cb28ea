"""The theorem of the contract, put to the test against the whole running application.

For a story and a bookmark a twin is made that agrees on all that the bookmark may know and differs
in the rest; both are served, asked the same, and must answer the same, byte for byte. What is known
is read from the files by `tests.shield.oracle`: nothing in here may ask the app's own decider.
"""
