"""The steps by which the database got its tables; run by `explorer upgrade`."""
