"""Connection records, their errors, and the protocols of a vault and of a token refresher."""
