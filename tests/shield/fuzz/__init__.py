"""Many odd requests against a real server: `python -m tests.shield.fuzz`, or `make fuzz`.

It must answer each of them with something other than a fault of its own, grow no larger, and be as
right at the end as it was at the start. `odd` makes the requests, `siege` sends them and looks.
"""
