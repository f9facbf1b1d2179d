"""Behaviour of vendors, applied by emulators: a module for each group of kinds of facts."""
