"""Real servers behind proxies that break things: whether each write is done once, told by the servers' own databases."""
