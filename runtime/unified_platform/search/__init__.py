"""Search of operations by task."""
