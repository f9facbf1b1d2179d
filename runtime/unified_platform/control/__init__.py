"""What control keeps: approvals and the audit trail, in SQLite by default and Postgres at scale."""
