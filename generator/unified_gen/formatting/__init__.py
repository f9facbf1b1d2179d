"""Formatter of mappings, models and `vendor.yaml`: `gen fmt`."""
