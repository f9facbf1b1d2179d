"""Agents of an installation: their toolsets, quotas and rate limits, from a TOML file."""
