"""Policies: found by id or file, folded with what they extend, checked word for word against the facts.

    schema: 1
    id: kabupaten-contoh                     # a file that others extend is named after its id
    version: "2026.1"
    title: {id: Kebijakan contoh, en: Example policy}
    extends: [baseline, ../umum/dasar.yaml]  # ids of packaged policies, or paths relative to this file
    minimum_coverage: 80                     # percent; inherited, the strictest of those extended, or 80
    rules:
      - id: KOM-02                           # the id of an inherited rule replaces that rule
        title: {id: Hanya TLS 1.2 ke atas, en: Only TLS 1.2 and newer}     # always both languages
        severity: high                       # info low medium high critical; medium where left out
        controls: [PERBAN-BSSN-4-2021.P27.8.c]
        when: {tls.offered: {equals: true}}  # optional: which targets (or subjects) the rule is about
        require:                             # a mapping is a conjunction; several operators on a fact, too
          tls.versions: {subset_of: [TLSv1.2, TLSv1.3]}
          "cert.lifetime_days[leaf]": {at_least: 1, at_most: 398}          # quoted within {} for YAML's sake
          any:                               # the only other connective: a list of mappings
            - {http.hsts.max_age: {at_least: 31536000}}
            - {http.hsts.preloaded: {equals: true}}
        rationale: {id: ..., en: ...}
        remediation: {id: ..., en: ...}
        fixes: {nginx: "...", apache: "..."} # configuration to paste, by stack
        references: ["https://www.rfc-editor.org/rfc/rfc8996"]
      - id: ATR-01                           # answered by a person alone
        severity: low
        manual: {question: {id: ..., en: ...}, evidence: [SK penetapan]}
      - id: ATR-02                           # facts can disprove it, a person has to affirm it
        severity: low
        require: {http.cookie.secure: {equals: true}}
        decides: fail_only
        manual: {question: {id: ..., en: ...}}        # optional here: the title is the question
    scoring:                                 # optional; inherited as a whole
      start: 100
      minimum: 0
      maximum: 100
      by_severity: {high: {fail: -15}, medium: {pass: 0, fail: -8}}
      points: {KOM-02: {pass: 5, fail: -20}} # goes before by_severity
      bonus_from: 90                         # pass points count only from this score upwards
      caps: [{rule: KOM-02, at_most: 40}]    # while the rule fails or is unknown
      bands: [{at_least: 90, grade: A}, {at_least: 0, grade: E}]

Operators and operands: `auditor.policy.operators`; spelling of values: `auditor.source`. A rule ranges over
one kind of subjects; facts of another kind need a selector, `fact[subject]`.

In a bundle every policy file is called `<id>.yaml`, whatever it was called on disk.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path, PurePosixPath
from typing import Protocol

from auditor import source
from auditor.canonical import encode, sha256
from auditor.errors import PolicyError
from auditor.frameworks import policies_folder
from auditor.model import FactSpec, Policy, PolicyFile, Rule, Scoring
from auditor.policy.document import BAND_KEYS, CAP_KEYS, SCORING_KEYS, Document, read_policy
from auditor.source import Node

_PIN = re.compile(r"sha256=[0-9a-fA-F]{64}")
DEFAULT_COVERAGE = 80
"""Percent, where no policy of a family says otherwise."""


@dataclass(frozen=True, slots=True)
class LoadedPolicy:
    """A policy and the files that it was made of: name in the bundle's `policy/` folder, and bytes."""

    policy: Policy
    sources: tuple[tuple[str, bytes], ...]


def load(reference: str | Path, specs: Mapping[str, FactSpec]) -> LoadedPolicy:
    """A policy by its packaged id, or by file: a `Path`, or text with a slash or ending in .yaml or .yml.

    Text may end in `#sha256=` and the digest that `auditor policy list` and `show` print: then it is that policy,
    with everything it extends, or an error.

    Raises:
        PolicyError: `file:line:col`, what is wrong, and a hint.
    """
    disk = _Disk()
    plain, pinned = pin(reference) if isinstance(reference, str) else (str(reference), "")
    found = _Family(disk, specs).loaded(disk.open(locate(reference)))
    if pinned and found.policy.digest != pinned:
        raise PolicyError(
            "is not the policy that was pinned: its digest is {digest}", place=plain, digest=found.policy.digest
        )
    return found


def pin(reference: str) -> tuple[str, str]:
    """A reference without its pin, and the digest pinned or nothing.

    Raises:
        PolicyError: what follows `#` is no digest.
    """
    plain, mark, digest = reference.partition("#")
    if not mark:
        return reference, ""
    if not _PIN.fullmatch(digest):
        raise PolicyError("expected #sha256= and 64 hexadecimal digits", place=reference)
    return plain, digest.removeprefix("sha256=").lower()


def locate(reference: str | Path) -> Path:
    """The file that `load` would read.

    Raises:
        PolicyError: no packaged policy has this id, or the pin is none.
    """
    if isinstance(reference, Path):
        return reference
    plain, _ = pin(reference)
    return Path(plain) if _is_path(plain) else _Disk().packaged(plain, plain)


def load_all(references: Iterable[str | Path], specs: Mapping[str, FactSpec]) -> tuple[LoadedPolicy, ...]:
    """Several policies for one run, which go into one bundle together.

    Raises:
        PolicyError: also for two policies, or two extended ones, of the same id and different content.
    """
    policies: dict[str, LoadedPolicy] = {}
    files: dict[str, bytes] = {}
    for reference in references:
        found = load(reference, specs)
        policies[found.policy.id] = found
        for name, data in found.sources:
            if files.setdefault(name.lower(), data) != data:
                raise PolicyError(
                    "two different policies have the id {policy}", place=str(reference), policy=Path(name).stem
                )
    return tuple(policies.values())


def load_sources(
    sources: Mapping[str, bytes], specs: Mapping[str, FactSpec], ids: Iterable[str]
) -> tuple[LoadedPolicy, ...]:
    """The policies with these ids out of the files of a bundle's `policy/` folder, by name without the folder.

    Raises:
        PolicyError: as `load`; also for a file that is not named after its id, or that no policy needs.
    """
    shelf = _Shelf(sources)
    loaded = tuple(_Family(shelf, specs).loaded(shelf.packaged(identity, "policy"), identity) for identity in ids)
    used = {name for policy in loaded for name, _ in policy.sources}
    for name in sorted(set(sources) - used):
        raise PolicyError("no policy of the report needs this file", place=f"policy/{name}")
    return loaded


def packaged() -> tuple[str, ...]:
    """Ids of the policies that come with the program."""
    found = (path for path in policies_folder().glob("*.yaml") if _is_policy(path))
    return tuple(sorted(path.name.removesuffix(".yaml") for path in found))


def _is_policy(path: Path) -> bool:
    return not path.name.endswith(".tests.yaml")


def _is_path(reference: str) -> bool:
    return "/" in reference or "\\" in reference or reference.lower().endswith((".yaml", ".yml"))


def _stem(reference: str) -> str:
    """The id that a reference means: a file that is extended is named after it."""
    return PurePosixPath(reference.replace("\\", "/")).stem if _is_path(reference) else reference


@dataclass(frozen=True, slots=True)
class _File:
    """A policy file that was found."""

    key: str
    """Two references to one file have one key."""
    root: Node
    data: bytes
    folder: Path = Path()


class _Files(Protocol):
    """Where policy files come from."""

    def extended(self, reference: Node, by: _File) -> _File:
        """The file that `by` names under `extends`."""
        ...


class _Disk:
    """The packaged policies and the file system."""

    def packaged(self, identity: str, place: str) -> Path:
        if identity not in packaged():
            near = get_close_matches(identity, packaged(), 1)
            raise PolicyError(
                "no policy {policy}",
                place=place,
                hint="did you mean {nearest}?" if near else "a file is named by its path, as in ./{policy}.yaml",
                policy=identity,
                nearest=near[0] if near else "",
            )
        return policies_folder() / f"{identity}.yaml"

    def open(self, path: Path, by: Node | None = None) -> _File:
        if by is not None and not path.is_file():
            raise by.error("file {path} not found", path=path)
        data = source.read_bytes(path, source.Document(str(path)))
        return _File(str(path.resolve()), source.read(data, str(path)), data, path.parent)

    def extended(self, reference: Node, by: _File) -> _File:
        named = reference.text()
        if _is_path(named):
            return self.open(by.folder / named.replace("\\", "/"), reference)
        return self.open(self.packaged(named, reference.place), reference)


@dataclass(frozen=True, slots=True)
class _Shelf:
    """The policy files of a bundle, each named after its id."""

    sources: Mapping[str, bytes]

    def packaged(self, identity: str, place: str) -> _File:
        name = f"{identity}.yaml"
        if name not in self.sources:
            raise PolicyError("no policy {policy}", place=place, policy=identity)
        data = self.sources[name]
        return _File(name, source.read(data, f"policy/{name}"), data)

    def extended(self, reference: Node, by: _File) -> _File:  # noqa: ARG002 - the same for every file
        return self.packaged(_stem(reference.text()), reference.place)


@dataclass(slots=True)
class _Family:
    """A policy and those that it extends, each read once."""

    files: _Files
    specs: Mapping[str, FactSpec]
    read: dict[str, tuple[Document, Policy]] = field(default_factory=dict)
    sources: dict[str, bytes] = field(default_factory=dict)
    """By name in the bundle, the policy's own first."""
    open: list[str] = field(default_factory=list)
    """Ids of the policies that are being extended, outermost first."""

    def loaded(self, top: _File, meant: str = "") -> LoadedPolicy:
        policy = self._policy(top, meant)
        return LoadedPolicy(policy, tuple(self.sources.items()))

    def _policy(self, file: _File, meant: str) -> Policy:
        if file.key in self.read:
            return self.read[file.key][1]
        document = read_policy(file.root, self.specs)
        self._admit(document, file, meant)
        self.open.append(document.id)
        bases = tuple(self._base(reference, file) for reference in document.extends)
        self.open.pop()
        rules = _merged(document, bases)
        names = (f"{document.id}.yaml", *(item.name for base in bases for item in base.files))
        files = tuple(PolicyFile(name, sha256(self.sources[name])) for name in dict.fromkeys(names))
        policy = Policy(
            id=document.id,
            version=document.version,
            title=document.title,
            rules=rules,
            scoring=_scoring(document, bases, rules),
            minimum_coverage=_coverage(document, bases),
            files=files,
            digest=sha256(encode([[item.name, item.sha256] for item in files])),
        )
        self.read[file.key] = (document, policy)
        return policy

    def _admit(self, document: Document, file: _File, meant: str) -> None:
        if meant and document.id != meant:
            raise document.id_node.error(
                "this file is named after its id: {id}.yaml, not {meant}.yaml",
                id=document.id,
                meant=meant,
            )
        name = f"{document.id}.yaml"
        if self.sources.setdefault(name, file.data) != file.data:
            raise document.id_node.error("two different policies have the id {policy}", policy=document.id)

    def _base(self, reference: Node, by: _File) -> Policy:
        meant = _stem(reference.text())
        if meant in self.open:
            chain = " > ".join([*self.open[self.open.index(meant) :], meant])
            raise reference.error("policies extend each other in a circle: {chain}", chain=chain)
        return self._policy(self.files.extended(reference, by), meant)


def _merged(document: Document, bases: Iterable[Policy]) -> tuple[Rule, ...]:
    """Inherited rules in their order, own ones in the place of those they replace, then the new ones."""
    own = {rule.id: rule for _, rule in document.rules}
    rules: dict[str, Rule] = {}
    origin: dict[str, str] = {}
    for base, reference in zip(bases, document.extends, strict=True):
        for rule in base.rules:
            if rule.id not in own and rules.setdefault(rule.id, rule) != rule:
                raise reference.error(
                    "{first} and {second} bring different rules {rule}",
                    hint="say which holds by a rule {rule} of your own",
                    first=origin[rule.id], second=base.id, rule=rule.id,
                )  # fmt: skip
            rules[rule.id] = own.get(rule.id, rule)
            origin.setdefault(rule.id, base.id)
    return tuple({**rules, **own}.values())


def _coverage(document: Document, bases: Iterable[Policy]) -> int:
    if document.minimum_coverage is not None:
        return document.minimum_coverage
    return max((base.minimum_coverage for base in bases), default=DEFAULT_COVERAGE)


def _scoring(document: Document, bases: Iterable[Policy], rules: Iterable[Rule]) -> Scoring | None:
    if document.scoring is None:
        inherited: list[Scoring] = []
        for base in bases:
            if base.scoring is not None and base.scoring not in inherited:
                inherited.append(base.scoring)
        if len(inherited) > 1:
            raise document.id_node.error("the policies extended score differently", hint="add a scoring of your own")
        return inherited[0] if inherited else None
    node, scoring = document.scoring
    known = {rule.id for rule in rules}
    for name, place in _rules_scored(node):
        if name not in known:
            raise place.unknown("unknown rule {word}", name, known)
    return scoring


def _rules_scored(node: Node) -> Iterable[tuple[str, Node]]:
    entry = node.entries(*SCORING_KEYS)
    for key, _ in entry.get("points", Node.mapping, ()):
        yield key.text(), key
    for cap in entry.get("caps", Node.items, ()):
        named = cap.entries(*CAP_KEYS)["rule"]
        yield named.text(), named
    for band in entry.get("bands", Node.items, ()):
        required = band.entries(*BAND_KEYS).get("requires", Node.items, ())
        yield from ((named.text(), named) for named in required)
