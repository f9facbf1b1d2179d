"""Emulation of vendors from the facts of their documents, and the laws that compiled adapters are held to (`gen prove`).

It is above the compiler and the runtime, and never reads a mapping to decide how a vendor behaves.
"""
