"""Benchmarks: what the compiler, an import and a call cost, as ratios measured in one run."""
