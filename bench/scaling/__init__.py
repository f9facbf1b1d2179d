"""Benchmark of stores with many rows and of several broker processes, in a Postgres database of its own and a Redis."""

from bench.scaling.command import main

__all__ = ["main"]
