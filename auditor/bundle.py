"""The bundle: a directory that can be checked without this program.

    report.json evidence.jsonl facts.json        what was seen, and what was judged of it
    policy/*.yaml waivers.yaml attestations.yaml what it was judged by
    report.html report.pdf report.txt exports/*  the same for people and for other tools
    verify.sh VERIFIKASI.md                      how to verify it all with coreutils and openssl
    SHA256SUMS                                   every file above, as `sha256sum` writes it
    signature/SHA256SUMS.p7s                     CAdES over SHA256SUMS
    signature/SHA256SUMS.p7s.tsr                 RFC 3161 time stamp over the signature, where one was asked for
    signature/SHA256SUMS.mldsa65                 ML-DSA-65 over SHA256SUMS, where that was asked for
    validation/                                  certificates, CRLs and OCSP responses, out of the two
    log/checkpoint log/inclusion.json            proof that the report stands in a transparency log, where it does

To verify it by hand, given root.pem by another road than the bundle:

    cd BUNDLE
    sha256sum --check --strict SHA256SUMS
    find . -type f ! -path './signature/*' ! -path './validation/*' ! -path './log/*' ! -name SHA256SUMS \
        | cut -c3- | LC_ALL=C sort > /tmp/found
    cut -c67- SHA256SUMS | diff /tmp/found -
    openssl cms -verify -cades -binary -inform DER -in signature/SHA256SUMS.p7s -content SHA256SUMS \
        -CAfile root.pem -out /dev/null

The first finds edited and removed files, the second added ones, the third edited sums and a foreign signer. That
the verdicts follow from the evidence is what `auditor verify` adds (`auditor.verify`).
"""

import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from auditor.canonical import sha256
from auditor.errors import BundleError
from auditor.trust.cosignature import Cosigner
from auditor.trust.keys import Signer
from auditor.trust.log import append

SUMS = "SHA256SUMS"
SIGNATURE = "signature/SHA256SUMS.p7s"
STAMP = "signature/SHA256SUMS.p7s.tsr"
COSIGNATURE = "signature/SHA256SUMS.mldsa65"
VALIDATION = "validation/"
COSIGNER = "validation/mldsa65.pem"
REQUIRED = ("report.json", "evidence.jsonl", "facts.json", SUMS, SIGNATURE)

_MIB = 1024 * 1024
_NAME = r"[A-Za-z0-9][A-Za-z0-9._-]{0,120}"
"""Nothing that `sha256sum` would escape, that a shell reads, or that hides."""
_LAYOUT: tuple[tuple[re.Pattern[str], int], ...] = tuple(
    (re.compile(pattern), cap * _MIB)
    for pattern, cap in (
        (r"report\.json|evidence\.jsonl", 256),
        (r"facts\.json|waivers\.yaml|attestations\.yaml", 8),
        (rf"policy/{_NAME}\.yaml", 4),
        (r"report\.(html|pdf|txt)", 128),
        (rf"exports/({_NAME}/)?{_NAME}", 128),
        (re.escape(SUMS), 4),
        (r"verify\.sh|VERIFIKASI\.md", 1),
        (re.escape(SIGNATURE), 1),
        (re.escape(STAMP), 1),
        (re.escape(COSIGNATURE), 1),
        (rf"{VALIDATION}((signer|tsa|mldsa65)\.pem|[1-9][0-9]?\.(crl|ocsp))", 1),
        (r"log/(checkpoint|inclusion\.json)", 1),
    )
)
"""Every name a bundle may hold, with the cap on its size in bytes."""
_FOLDERS = re.compile(rf"policy|signature|validation|log|exports(/{_NAME})?")
FILES_CAP = 10_000
TOTAL_CAP = 1024 * _MIB
_LINE = re.compile(rb"([0-9a-f]{64})  ([^\n\x00-\x1f\x7f]+)")


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle as it stands on disk. `files` holds every file by its name with forward slashes."""

    path: Path
    files: Mapping[str, bytes]

    @property
    def sums(self) -> bytes:
        """SHA256SUMS; its own sha256 is the bundle's identity, which a re-judged bundle names as its parent."""
        return self.files[SUMS]

    @property
    def members(self) -> dict[str, bytes]:
        """The files that the sums cover."""
        return {name: data for name, data in self.files.items() if not outside(name)}


class Flaw(StrEnum):
    """What can be wrong between the files and SHA256SUMS."""

    MISSING = "missing"
    UNLISTED = "unlisted"
    ALTERED = "altered"
    FORMAT = "format"
    """SHA256SUMS itself is not the sorted list that this program writes."""


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """One file that is not as the sums say."""

    name: str
    flaw: Flaw


def outside(name: str) -> bool:
    """Whether a file lies outside the sums: what can be made only after them."""
    return name == SUMS or name.startswith(("signature/", VALIDATION, "log/"))


def write(
    directory: Path,
    files: Mapping[str, bytes],
    signer: Signer,
    at: datetime,
    *,
    tsa: str = "",
    log: Path | None = None,
    cosigner: Cosigner | None = None,
) -> Bundle:
    """Write, sum and sign a new bundle; it appears whole under its name, or not at all.

    `files` are the members by name; `at` is the moment written into the signature; `tsa` the URL of the authority
    that stamps it, `log` the folder of the log that it is entered in, last of all; `cosigner` signs beside.

    Raises:
        BundleError: a name outside the layout, a required member missing, a directory that is already there, or
            one that cannot be written.
        TimeStampError, LogError, KeyFileError: what was asked for cannot be had.
    """
    _require_layout(files)
    if directory.exists() or directory.is_symlink():
        raise BundleError("is already there", place=str(directory), hint="a signed bundle is never overwritten")
    sums = render_sums(files)
    whole = {**files, SUMS: sums, **_sealed(sums, signer, at, tsa)}
    if cosigner is not None:
        whole |= {COSIGNATURE: cosigner.sign(sums), COSIGNER: cosigner.public}
    try:
        directory.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{directory.name}.", dir=directory.parent))
        try:
            _fill(draft, whole)
            if log is not None:
                _, proof = append(log, bytes.fromhex(sha256(sums)), directory.name)
                _fill(draft, proof)
                whole |= proof
            draft.rename(directory)
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
    except OSError as error:
        raise BundleError("{error}", error=error.strerror, place=str(error.filename or directory)) from None
    return Bundle(directory, whole)


def _sealed(sums: bytes, signer: Signer, at: datetime, tsa: str) -> dict[str, bytes]:
    """The signature over the sums, and with an authority its stamp and what both rest on."""
    from auditor.trust import cms, timestamp, validation  # noqa: PLC0415 - pyHanko takes 0.3 s; readers need not wait

    if not tsa:
        return {SIGNATURE: cms.sign(signer, sums, at)}
    authority = timestamp.Authority(tsa)
    p7s = cms.sign(signer, sums, at, authority)
    stamp = authority.stamp(p7s)
    rests_on = {VALIDATION + name: data for name, data in validation.material(p7s, stamp).items()}
    return {SIGNATURE: p7s, STAMP: stamp, **rests_on}


def read(directory: Path) -> Bundle:
    """Read a bundle whose files are all there, no more, and as its sums say. The signature is not looked at.

    Raises:
        BundleError: names the first file that is not as it should be.
    """
    bundle = gather(directory)
    for found in discrepancies(bundle):
        match found.flaw:
            case Flaw.MISSING:
                raise BundleError("is missing", place=found.name)
            case Flaw.UNLISTED:
                raise BundleError("is not listed in SHA256SUMS", place=found.name)
            case Flaw.ALTERED:
                raise BundleError("is not the file that SHA256SUMS lists", place=found.name)
            case Flaw.FORMAT:
                raise BundleError("is not a sorted list of sha256sum lines", place=found.name)
    return bundle


def gather(directory: Path) -> Bundle:
    """Read whatever files there are, within the layout and its caps, without comparing them to the sums.

    Raises:
        BundleError: no directory, or an entry that no bundle has: a link, a device, a strange name, a huge file.
    """
    if not directory.is_dir():
        raise BundleError("is not a bundle: no such directory", place=str(directory))
    files: dict[str, bytes] = {}
    total = 0
    try:
        for name, path in _walk(directory):
            files[name] = _read_capped(path, name)
            total += len(files[name])
            if total > TOTAL_CAP or len(files) > FILES_CAP:
                raise BundleError("makes the bundle larger than any bundle is", place=name)
    except OSError as error:
        raise BundleError("{error}", error=error.strerror, place=str(error.filename or directory)) from None
    return Bundle(directory, dict(sorted(files.items())))


def discrepancies(bundle: Bundle) -> tuple[Discrepancy, ...]:
    """Every difference between the files and SHA256SUMS; none where they agree to the byte."""
    files, members = bundle.files, bundle.members
    missing = [name for name in REQUIRED if name not in files]
    if SUMS in missing:
        return tuple(Discrepancy(name, Flaw.MISSING) for name in missing)
    sums = files[SUMS]
    listed = {m[2].decode("utf-8", "replace"): m[1].decode() for m in _LINE.finditer(sums)}
    missing += [name for name in listed if name not in members and name not in missing]
    found = [Discrepancy(name, Flaw.MISSING) for name in missing]
    found += [Discrepancy(name, Flaw.UNLISTED) for name in members if name not in listed]
    found += [
        Discrepancy(name, Flaw.ALTERED)
        for name, data in members.items()
        if name in listed and sha256(data) != listed[name]
    ]
    if not found and sums != render_sums(members):
        found.append(Discrepancy(SUMS, Flaw.FORMAT))
    return tuple(found)


def render_sums(files: Mapping[str, bytes]) -> bytes:
    """SHA256SUMS over the files, sorted by name, in the format of coreutils."""
    return "".join(f"{sha256(data)}  {name}\n" for name, data in sorted(files.items())).encode()


def _require_layout(files: Mapping[str, bytes]) -> None:
    folded: dict[str, str] = {}
    for name, data in files.items():
        cap = cap_of(name)
        if cap is None or outside(name):
            raise BundleError("is no name for a file in a bundle", place=name)
        if len(data) > cap:
            raise BundleError("is larger than {size} MiB", place=name, size=cap // _MIB)
        twin = folded.setdefault(name.lower(), name)
        if twin != name:
            raise BundleError("differs from {twin} in case only", place=name, twin=twin)
    for name in REQUIRED:
        if name not in files and not outside(name):
            raise BundleError("is missing", place=name)


def cap_of(name: str) -> int | None:
    """The size allowed for a file of this name, or None where no bundle has such a file."""
    return next((cap for pattern, cap in _LAYOUT if pattern.fullmatch(name)), None)


def _fill(draft: Path, files: Mapping[str, bytes]) -> None:
    """Modes are set outright: the reader of a bundle is seldom the one who wrote it, whatever the umask."""
    draft.chmod(0o755)
    for name, data in files.items():
        path = draft / name
        for folder in reversed(path.relative_to(draft).parents[:-1]):
            (draft / folder).mkdir(exist_ok=True)
            (draft / folder).chmod(0o755)
        with path.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        path.chmod(0o644)


def _walk(top: Path, prefix: str = "") -> Iterator[tuple[str, Path]]:
    with os.scandir(top / prefix) as entries:
        for entry in sorted(entries, key=lambda e: e.name):
            name = prefix + entry.name
            shown = name.encode("utf-8", "backslashreplace").decode()
            if entry.is_symlink():
                raise BundleError("is a symbolic link, which no bundle has", place=shown)
            if entry.is_dir(follow_symlinks=False):
                if not _FOLDERS.fullmatch(name):
                    raise BundleError("is a folder that no bundle has", place=shown)
                yield from _walk(top, name + "/")
            elif not entry.is_file(follow_symlinks=False):
                raise BundleError("is no regular file", place=shown)
            elif cap_of(name) is None:
                raise BundleError("is a file that no bundle has", place=shown)
            else:
                yield name, Path(entry.path)


def _read_capped(path: Path, name: str) -> bytes:
    cap = cap_of(name) or 0
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise BundleError("is no regular file", place=name)
        data = file.read(cap + 1)
    if len(data) > cap:
        raise BundleError("is larger than {size} MiB", place=name, size=cap // _MIB)
    return data
