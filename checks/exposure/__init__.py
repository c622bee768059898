"""Files readable by mistake, proven by their content against the site's own answers for files that do not exist.

No byte of a file found leaves this package: a fact says path and yes or no. What is looked for is data
(`signatures/*.yaml`), read by the format in `signatures.py`; a check of another distribution brings its own folder:

    facts, collect = checks.exposure.made_of(Path(__file__).parent)
"""

from pathlib import Path

from .check import made_of

facts, collect = made_of(Path(__file__).parent / "signatures")

__all__ = ["collect", "facts", "made_of"]
