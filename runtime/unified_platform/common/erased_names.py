"""Text in place of the name of a user who was erased."""

ERASED = "(erased)"
