"""What strangers may send, and what is answered."""
