"""What is there for everyone: the library, the files that pages need, and how the server is."""
