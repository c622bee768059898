"""Security and persandian compliance auditor: facts are collected, policies judge, anyone can recompute."""

__version__ = "0.1.0"
