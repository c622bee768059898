"""What a page's policies together let an injected piece of markup do (CSP Level 3, sections 4.2, 6.1, 6.7).

Every policy must allow a thing for it to happen; a page without policies allows everything. The answers are the
ways left open, as `directive source`, or the bare name of a directive that no policy has; none when it is closed.
"""

from collections.abc import Iterable, Iterator
from itertools import product

from ..http.suffixes import is_public_suffix
from .policy import Policy, governing
from .sources import Source, Url, matches, read_all

Policies = tuple[Policy, ...]
Ways = tuple[str, ...]

STRANGER = "penyerang.example"
"""A host that no policy names."""
COMBINED = 12
"""Far-reaching sources of several policies that are tried against each other. More of them are taken to leave
something open together: what cannot be told is not called closed."""

_ELEMENT, _HANDLER = "script-src-elem", "script-src-attr"


def injected_script(policies: Policies) -> Ways:
    """A script written into the markup runs: as an element, as the address `javascript:`, or as an event handler."""
    return _inline(policies, (_ELEMENT, _HANDLER)) if _scripts_run(policies) else ()


def injected_style(policies: Policies) -> Ways:
    """A style written into the markup applies."""
    return _inline(policies, ("style-src-elem", "style-src-attr"))


def text_as_code(policies: Policies) -> Ways:
    """Scripts may turn text into code (`eval`); `'trusted-types-eval'` allows that for vetted text only (4.4.3)."""
    if not _scripts_run(policies):
        return ()
    lists = tuple(_lists(policies, "script-src"))
    if not lists:
        return ("script-src",)
    allowed = all("'unsafe-eval'" in _keywords(sources) for _, sources in lists)
    return tuple(dict.fromkeys(f"{name} 'unsafe-eval'" for name, _ in lists)) if allowed else ()


def foreign_script(policies: Policies, own: Url) -> Ways:
    """A script element in the markup may load from where an attacker likes; `'strict-dynamic'` stops that (6.7.1.1)."""
    return _strangers(policies, _ELEMENT, own) if _scripts_run(policies) else ()


def foreign_base(policies: Policies, own: Url) -> Ways:
    """A `base` element in the markup may send the page's relative addresses to a stranger's site."""
    return _strangers(policies, "base-uri", own)


def foreign_form(policies: Policies, own: Url) -> Ways:
    """A form in the markup may be sent to a stranger's site."""
    return () if sandboxed(policies, "allow-forms") else _strangers(policies, "form-action", own)


def foreign_frame(policies: Policies, own: Url) -> Ways:
    """Strangers' sites may show the page in a frame, as far as `frame-ancestors` decides it."""
    return _strangers(policies, "frame-ancestors", own)


def objects(policies: Policies) -> Ways:
    """Objects and embeds may load from anywhere at all; only a list that matches nothing refuses them."""
    lists = [(name, _loading(sources)) for name, sources in _lists(policies, "object-src")]
    if not lists:
        return ("object-src",)
    if not all(sources for _, sources in lists):
        return ()
    return tuple(dict.fromkeys(f"{name} {source.text}" for name, sources in lists for source in sources))


def foreign_object(policies: Policies, own: Url) -> Ways:
    """An object or embed in the markup may load from a stranger's site."""
    return _strangers(policies, "object-src", own)


def diverts_nonces(policies: Policies, own: Url) -> bool:
    """A `base` element in the markup may lead scripts that have a nonce, and are trusted for it, to a stranger."""
    if not _scripts_run(policies) or not foreign_base(policies, own):
        return False
    lists = [sources for _, sources in _lists(policies, _ELEMENT)]
    trusting = [any(source.kind == "nonce" for source in sources) for sources in lists]
    return any(trusting) and all(
        trusts or any(source.reaches_strangers for source in _by_address(sources))
        for trusts, sources in zip(trusting, lists, strict=True)
    )


def loads_script(policies: Policies, url: Url, own: Url) -> Ways:
    """A script element in the markup may load this URL."""
    if not _scripts_run(policies):
        return ()
    found: list[str] = []
    for name, sources in _lists(policies, _ELEMENT):
        ours = [source for source in _by_address(sources) if matches(source, url, own)]
        if not ours:
            return ()
        found += [f"{name} {source.text}" for source in ours]
    return tuple(dict.fromkeys(found)) or ("script-src",)


def allows(policies: Policies, kind: str, url: Url, own: Url) -> bool:
    """A URL is let through for things of this kind, such as `base-uri`."""
    return all(any(matches(source, url, own) for source in sources) for _, sources in _lists(policies, kind))


def is_strict(policies: Policies) -> bool:
    """Some policy lets scripts run by nonce or hash only, whatever their address, or lets none run."""
    return not _scripts_run(policies) or any(_knows_its_scripts(policy) for policy in policies)


def vets_text(policies: Policies) -> bool:
    """Trusted Types: text must be vetted before it becomes markup or code (`require-trusted-types-for 'script'`)."""
    return any("'script'" in map(str.lower, policy.get("require-trusted-types-for", ())) for policy in policies)


def sandboxed(policies: Policies, permission: str) -> bool:
    """Some policy puts the page into a sandbox without this permission, such as `allow-scripts` (6.3.2)."""
    return any("sandbox" in policy and permission not in map(str.lower, policy["sandbox"]) for policy in policies)


def _scripts_run(policies: Policies) -> bool:
    return not sandboxed(policies, "allow-scripts")


def _lists(policies: Iterable[Policy], kind: str) -> Iterator[tuple[str, tuple[Source, ...]]]:
    """Source lists that decide about this kind, each with its directive's name; of policies that have one."""
    for policy in policies:
        name = governing(policy, kind)
        if name is not None:
            yield name, read_all(policy[name])


def _keywords(sources: Iterable[Source]) -> set[str]:
    return {source.text for source in sources if source.kind == "keyword"}


def _loading(sources: Iterable[Source]) -> tuple[Source, ...]:
    """Expressions that some URL matches."""
    return tuple(source for source in sources if source.kind in ("scheme", "host") or source.text == "'self'")


def _by_address(sources: tuple[Source, ...]) -> tuple[Source, ...]:
    """Expressions that let a script in the markup through for its address: none beside `'strict-dynamic'`."""
    return () if "'strict-dynamic'" in _keywords(sources) else _loading(sources)


def _inline(policies: Policies, kinds: tuple[str, ...]) -> Ways:
    found: list[str] = []
    for kind in kinds:
        lists = tuple(_lists(policies, kind))
        if not lists:
            found.append(kind.rpartition("-")[0])
        elif all(_allows_inline(sources, kind) for _, sources in lists):
            found += [f"{name} 'unsafe-inline'" for name, _ in lists]
    return tuple(dict.fromkeys(found))


def _allows_inline(sources: tuple[Source, ...], kind: str) -> bool:
    """Section 6.7.3.2: `'unsafe-inline'`, with no nonce, no hash and, for scripts, no `'strict-dynamic'` beside it."""
    keywords = _keywords(sources)
    if kind in (_ELEMENT, _HANDLER) and "'strict-dynamic'" in keywords:
        return False
    return "'unsafe-inline'" in keywords and not any(source.kind in ("nonce", "hash") for source in sources)


def _knows_its_scripts(policy: Policy) -> bool:
    elements = [sources for _, sources in _lists((policy,), _ELEMENT)]
    return bool(elements) and not _by_address(elements[0]) and not _inline((policy,), (_ELEMENT, _HANDLER))


def _strangers(policies: Policies, kind: str, own: Url) -> Ways:
    lists = tuple(_lists(policies, kind))
    if not lists:
        return (kind.removesuffix("-elem"),)
    reaching = [(name, _reaching(sources, kind)) for name, sources in lists]
    if not all(sources for _, sources in reaching):
        return ()
    if len(reaching) > 1 and not _meet([sources for _, sources in reaching], own):
        return ()
    return tuple(dict.fromkeys(f"{name} {source.text}" for name, sources in reaching for source in sources))


def _reaching(sources: tuple[Source, ...], kind: str) -> tuple[Source, ...]:
    """Far-reaching sources of a list. Only a script can be a `data:` URL of any use to an attacker."""
    if kind == _ELEMENT:
        return tuple(source for source in _by_address(sources) if source.reaches_strangers)
    return tuple(source for source in sources if source.reaches_strangers and source.text != "data:")


def _meet(lists: list[tuple[Source, ...]], own: Url) -> bool:
    """Whether one URL of a stranger matches a source of every list: each combination of what they name is tried."""
    every = tuple(dict.fromkeys(source for sources in lists for source in sources))
    if len(every) > COMBINED:
        return True
    labels = [source.host[1:] for source in every if source.host.startswith("*.")]
    hosts = [STRANGER, *(f"penyerang{label}" for label in labels if is_public_suffix(label.strip(".")))]
    ports = [None, *(int(source.port[-9:]) for source in every if source.port.isdigit())]
    paths = ["/x", *(source.path + ("x" if source.path.endswith("/") else "") for source in every if source.path)]
    tried = (Url(*parts) for parts in product(("https", "http"), hosts, ports, paths))
    return any(
        all(any(matches(source, url, own) for source in sources) for sources in lists) for url in (*tried, Url("data"))
    )
