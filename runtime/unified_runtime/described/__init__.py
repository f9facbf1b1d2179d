"""What a connection really offers, and `extra` checked against it."""
