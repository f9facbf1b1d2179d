"""Drift: the effect of a vendor's new document on what the mappings compile to."""
