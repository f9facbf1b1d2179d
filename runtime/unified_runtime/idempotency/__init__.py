"""Idempotency store: remembers writes by idempotency key, so that each is executed once."""
