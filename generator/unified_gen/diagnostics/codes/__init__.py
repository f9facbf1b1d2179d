"""Codes reported while a mapping is read and resolved: one module each, with its page (the module's docstring) and its messages."""
