"""Starter policies. A grant allows, and is complete; a limit forbids, and is used together with a grant."""
