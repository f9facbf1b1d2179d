"""Benchmarks of builds, imports, calls, the vault, the broker and tools, as ratios measured in one run."""
