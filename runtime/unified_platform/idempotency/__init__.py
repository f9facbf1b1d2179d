"""Idempotency store: remembers writes by their keys, in SQLite or Postgres."""
