"""What tests stand on: a tale, a browser without one, servers, planted mistakes."""
