"""Policy enforcement: decisions before each call, approvals and the audit log."""
