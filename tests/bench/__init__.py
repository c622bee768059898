"""Benchmarks: `make bench`. Figures, never assertions of time."""
