"""What must never give way: leaks, moves, edits, and the theorem with all that puts it to the
test.
"""
