"""What is told of requests: route, status, time, and nothing of a reader."""
