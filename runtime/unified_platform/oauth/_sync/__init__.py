"""Written by `make sync` from `_async`."""
