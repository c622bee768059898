"""Files undone to passages of text and tables, whatever their format: pure functions over bytes.

The C and Rust libraries below are fed what strangers wrote, so this package runs in the child process alone
(`checks.leaks.sandbox`); nothing is ever written to disk.
"""

from .document import Document, Gap, Passage, Table
from .reader import read

__all__ = ["Document", "Gap", "Passage", "Table", "read"]
