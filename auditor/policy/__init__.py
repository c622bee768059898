"""Policies: read, judged, scored. Pure: files in, values out; no network, no clock."""

from auditor.policy.loader import LoadedPolicy, load, load_all, load_sources, packaged

__all__ = ["LoadedPolicy", "load", "load_all", "load_sources", "packaged"]
