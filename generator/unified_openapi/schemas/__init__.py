"""Schemas at a location: flattened shapes, paths into them, and the walk that joins the two."""
