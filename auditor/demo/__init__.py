"""Two sites on loopback to try the program on: one that neglects everything, one that does not."""

from auditor.demo.sites import DemoSite, DemoSites, sites

__all__ = ["DemoSite", "DemoSites", "sites"]
