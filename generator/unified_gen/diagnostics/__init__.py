"""Diagnostics of mappings: messages of single codes, the collected findings of a run, and how they are printed."""
