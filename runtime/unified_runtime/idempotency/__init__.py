"""A write that is asked for twice and made once: the ledger that remembers it under its key."""
