"""Rate limiters and circuit breakers of vendors' servers."""
