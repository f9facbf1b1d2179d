"""Databases of this library: SQLite or Postgres, with transactions, migrations and errors that are the same in both.

The vault, the ledger of writes, approvals and the audit trail, usage and the inbox lie in them; what those are is theirs to know.
"""
