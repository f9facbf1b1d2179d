"""Compiler of mappings and vendors' documents, and its command `gen`."""
