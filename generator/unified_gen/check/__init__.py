"""Rules over resolved mappings: one module each, with its code, its page (the module's docstring) and its check."""
