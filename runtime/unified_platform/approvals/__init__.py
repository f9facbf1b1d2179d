"""Approvals of single calls by people, in SQLite or Postgres."""
