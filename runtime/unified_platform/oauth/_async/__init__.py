"""Source of `_sync`; see `make sync`."""
