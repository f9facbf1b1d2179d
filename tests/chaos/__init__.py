"""Faults between real servers and the library: the servers' own databases show whether each write was executed once."""
