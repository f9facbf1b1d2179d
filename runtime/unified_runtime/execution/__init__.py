"""The call pipeline: one operation from its first request to its result, without I/O."""
