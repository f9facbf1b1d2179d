"""Databases in SQLite or Postgres, with the same transactions, migrations and errors in both.

Used by the vault, the idempotency store, approvals and the audit log, usage and the inbox, each with its own tables.
"""
