"""Folder name of the distribution's models in locations. Light to import, for builds that change nothing."""

SHIPPED = "unified-apis/models"
"""A project's own models are in `mappings/models` instead."""
