"""Lay generated code out: templates, the unified models, formatting."""
