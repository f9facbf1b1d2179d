"""Toolkits: every operation of a vendor's document as a function, without a mapping, through the same call pipeline."""
