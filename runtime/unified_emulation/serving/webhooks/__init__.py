"""Webhooks of emulated vendors: registration, signed deliveries with retries, and their log."""
