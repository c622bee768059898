"""Who is scanned, where, and by whose leave: URLs, inventories, authorisations, levels."""

from auditor.targets.authorisation import read_authorisation
from auditor.targets.export import export_csv, export_xlsx, export_yaml
from auditor.targets.inventory import Inventory, load_inventory
from auditor.targets.level import resolve
from auditor.targets.roots import read_roots
from auditor.targets.url import parse_endpoint, parse_host, parse_target

__all__ = [
    "Inventory", "export_csv", "export_xlsx", "export_yaml", "load_inventory", "parse_endpoint",
    "parse_host", "parse_target", "read_authorisation", "read_roots", "resolve",
]  # fmt: skip
