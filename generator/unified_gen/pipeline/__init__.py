"""Compilation of a project: reading, compiling vendors in parallel, combining, and writing the output."""
