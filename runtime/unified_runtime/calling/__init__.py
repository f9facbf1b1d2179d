"""What makes calls: the clients, a call made ready, its plan, and what is seen of it."""
