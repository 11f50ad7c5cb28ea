"""What readers ask for and send, and the cookie that holds their bookmark."""
