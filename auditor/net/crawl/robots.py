"""robots.txt as crawlers must read it (RFC 9309)."""

import re
from dataclasses import dataclass, field

PRODUCT = "auditor"
"""Our product token (RFC 9309 section 2.2.1)."""
CAP = 524_288
"""Bytes that are read; at least 500 KiB must be (section 2.5)."""
REDIRECTS = 5
"""Hops that are followed (section 2.3.1.2)."""

_MOST = 5_000
_HEX = re.compile(r"%([0-9A-Fa-f]{2})")


@dataclass(frozen=True, slots=True)
class Rule:
    """One allow or disallow line, its pattern percent-normalised."""

    pattern: str
    allows: bool


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules that hold for us at one origin, and the sitemaps that it names."""

    rules: tuple[Rule, ...] = ()
    sitemaps: tuple[str, ...] = field(default=())

    def allows(self, resource: str) -> bool:
        """Whether a path with its query may be fetched: the longest match decides, allow in a tie (section 2.2.2)."""
        if resource.partition("?")[0] == "/robots.txt":
            return True
        resource = _normal(resource)
        matching = [rule for rule in self.rules if _matches(rule.pattern, resource)]
        best = max(matching, key=lambda rule: (len(rule.pattern), rule.allows), default=None)
        return best is None or best.allows


NOTHING = Robots((Rule("/", allows=False),))
"""What holds when robots.txt cannot be reached: complete disallow (section 2.3.1.4)."""


def parse(text: str, product: str = PRODUCT) -> Robots:
    """The rules for a product token, else those for `*`; lines that are none are passed over."""
    groups: dict[str, list[Rule]] = {}
    sitemaps: list[str] = []
    agents: list[str] = []
    open_group = False
    for line in re.split(r"\r\n|\r|\n", text.removeprefix("\ufeff"))[:50_000]:
        name, colon, value = line.partition("#")[0].partition(":")
        name, value = name.strip().lower(), value.strip()
        if not colon:
            continue
        if name == "user-agent":
            if not open_group:
                agents = []
            open_group = True
            agents.append(value.lower())
            groups.setdefault(value.lower(), [])
        elif name in ("allow", "disallow"):
            open_group = False
            rule = Rule(_normal(value), name == "allow")
            for agent in agents if value else ():
                if len(groups[agent]) < _MOST:
                    groups[agent].append(rule)
        elif name == "sitemap" and value:
            sitemaps.append(value)
    named = [agent for agent in groups if _product(agent) == product]
    rules = [rule for agent in named or ["*"] for rule in groups.get(agent, ())]
    return Robots(tuple(rules), tuple(dict.fromkeys(sitemaps)))


def _product(agent: str) -> str:
    """The token at the start of a user-agent line (section 2.2.1: letters, `_` and `-`)."""
    found = re.match(r"[a-z_-]+", agent)
    return found[0] if found else agent


def _matches(pattern: str, resource: str) -> bool:
    """`*` stands for anything, a last `$` for the end; linear, since the pattern is the site's own."""
    anchored = pattern.endswith("$")
    first, *others = pattern.removesuffix("$").split("*")
    if not resource.startswith(first):
        return False
    at = len(first)
    last = others.pop() if anchored and others else None
    for part in others:
        found = resource.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    if last is not None:
        return len(resource) - len(last) >= at and resource.endswith(last)
    return not anchored or at == len(resource)


def _normal(text: str) -> str:
    """Octets outside ASCII percent-encoded, needless encoding undone (section 2.2.2)."""
    coded = "".join(c if c.isascii() else "".join(f"%{b:02X}" for b in c.encode("utf-8", "replace")) for c in text)

    def spell(match: re.Match[str]) -> str:
        char = chr(int(match[1], 16))
        return char if char.isascii() and (char.isalnum() or char in "-._~") else match[0].upper()

    return _HEX.sub(spell, coded)
