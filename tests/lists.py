"""Data files of others, written again from theirs: `python -m tests.lists retire|bypasses|preload SOURCE`.

`retire` takes the repository of retire.js (`jsrepository.json` of that project, or the copy in the npm package
`@salesforce/code-analyzer-retirejs-engine`), `bypasses` the folder `allowlist_bypasses/json` of the npm package
`csp_evaluator`, `preload` the folder of the Python package `hstspreload`. NOTICE names them and their licences.
"""

import argparse
import json
import re
from pathlib import Path
from typing import Any

CHECKS = Path(__file__).parents[1] / "checks"
LIBRARIES = CHECKS / "content" / "libraries.json"
BYPASSES = CHECKS / "csp" / "bypasses.txt"
PRELOADED = CHECKS / "headers" / "preloaded.txt"

_HOLE = "§§version§§"
_LITERAL = re.compile(r"[A-Za-z][A-Za-z\- ]{2,}")
_SPECIAL = re.compile(r"\\.|\[[^\]]*\]|\([^)]*\)\??|.\?|[.+*^$|{}()]")


def libraries(repository: dict[str, Any]) -> dict[str, Any]:
    """What is needed of it: where versions stand, and which versions have what against them."""
    found = {}
    for name, entry in sorted(repository.items(), key=lambda item: item[0].lower()):
        extractors = entry.get("extractors", {})
        places = {
            place: sorted({_pattern(pattern) for pattern in extractors.get(place, ()) if _is_usable(pattern)})
            for place in ("uri", "filename", "filecontent")
        }
        if name == "retire-example" or not entry.get("vulnerabilities") or not any(places.values()):
            continue
        found[name] = {
            "npm": entry.get("npmname", name.lower()),
            **{place: patterns for place, patterns in places.items() if patterns},
            "vulnerabilities": [_vulnerability(item) for item in entry["vulnerabilities"]],
        }
    return found


def _is_usable(pattern: str) -> bool:
    """Whether it asks for a version, in a way that Python's expressions can say."""
    try:
        re.compile(pattern.replace(_HOLE, "x"))
    except re.error:
        return False
    return _HOLE in pattern


def _pattern(pattern: str) -> tuple[str, str]:
    """A word that must stand in a text for the pattern to match, in small letters, and the pattern."""
    words = _LITERAL.findall(_SPECIAL.sub("\n", pattern.replace(_HOLE, "\n")))
    return max(words, key=len, default="").lower(), pattern


def _vulnerability(item: dict[str, Any]) -> list[str]:
    """From, below, severity, and what it is known as."""
    known = item.get("identifiers", {})
    names = known.get("CVE") or [known.get("githubID") or known.get("summary") or item.get("info", [""])[0]]
    return [item.get("atOrAbove", "0"), item["below"], item.get("severity", "medium"), ", ".join(names)[:120]]


def bypasses(folder: Path) -> str:
    """Rows of `kind url`: `jsonp` answers with a call of a function that the address names, `eval` only where text may
    become code, `library` is AngularJS."""
    jsonp = json.loads((folder / "jsonp.json").read_text())
    angular = json.loads((folder / "angular.json").read_text())
    in_need = tuple(jsonp["needsEval"])
    rows = {("eval" if url[2:].partition("/")[0] in in_need else "jsonp", url) for url in jsonp["urls"]}
    rows |= {("library", url) for url in angular["urls"]}
    return "".join(f"{kind} https:{url}\n" for kind, url in sorted(rows) if url.startswith("//") and " " not in url)


def preloaded(folder: Path) -> str:
    """Of Chromium's list the names under .id, and whole top-level domains; a dot before those with all below them."""
    data, at, names = (folder / "hstspreload.bin").read_bytes(), 0, set()
    while at < len(data):
        flags, size = data[at], data[at + 1]
        name, at = data[at + 2 : at + 2 + size].decode(), at + 2 + size
        if flags & 0x80 and (name.endswith(".id") or "." not in name):
            names.add(f".{name}" if flags & 0x40 else name)
    version = re.search(r'__version__ = "([0-9.]+)"', (folder / "__init__.py").read_text())
    return f"# hstspreload {version[1] if version else ''}\n" + "".join(f"{name}\n" for name in sorted(names))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("which", choices=("retire", "bypasses", "preload"))
    parser.add_argument("source", type=Path)
    given = parser.parse_args()
    if given.which == "retire":
        data = libraries(json.loads(given.source.read_text()))
        lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(entry)}" for name, entry in data.items())
        LIBRARIES.write_text(f"{{\n{lines}\n}}\n")
    elif given.which == "preload":
        PRELOADED.write_text(preloaded(given.source))
    else:
        BYPASSES.write_text(bypasses(given.source))


if __name__ == "__main__":
    main()
