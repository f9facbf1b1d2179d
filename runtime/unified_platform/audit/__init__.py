"""Audit log: append-only and hash-chained, in SQLite or Postgres, with its heads recorded elsewhere."""
