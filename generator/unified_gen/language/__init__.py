"""The mapping language: its syntax tree and its strict parser."""
