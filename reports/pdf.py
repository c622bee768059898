"""The report on paper: a tagged PDF with the machine report inside it. Pure: no key, no clock, no network.

The same view gives the same bytes. The seal is put on afterwards (`auditor.trust.pdf`), into the frame that the
first page keeps for it.
"""

import gzip
import json
from collections.abc import Iterable
from pathlib import Path

import segno

from auditor.canonical import encode, sha256
from auditor.model import Report, View
from auditor.typesetting import typeset

from .blocks import CHECKPOINT
from .paper import paper

TEMPLATE = Path(__file__).parent / "typst" / "report.typ"
PARTS = TEMPLATE.with_name("parts.typ")
PLAIN_CAP = 10 * 1024 * 1024
"""Bytes of report.json up to which it is attached as it is; a larger one is gzipped."""


def render(view: View, lang: str) -> Iterable[tuple[str, bytes]]:
    """`report.pdf` in the language, unsealed."""
    machine = encode(view.report) + b"\n"
    digests = _digests(view.report, machine)
    whole = len(machine) <= PLAIN_CAP
    name, kind = ("report.json", "application/json") if whole else ("report.json.gz", "application/gzip")
    data = {
        **paper(view, lang),
        "digests": digests,
        "attachment": {"name": name, "type": kind, "numbers": not whole},
    }
    files = {
        name: machine if whole else _packed(machine),
        "digests.svg": _qr(view.report.id, digests),
        PARTS.name: PARTS.read_bytes(),
    }
    if view.report.sealing.checkpoint:
        files[CHECKPOINT] = _checkpoint(view.report.sealing.checkpoint)
    yield "report.pdf", typeset(TEMPLATE.read_bytes(), data, files, tagged=True)


def _digests(report: Report, machine: bytes) -> list[tuple[str, str]]:
    """What the report rests on. Its own digest covers the others, so that two policies are enough to be seen."""
    policies = [(f"{policy.id} {policy.version}", policy.digest) for policy in report.policies]
    return [("report.json", sha256(machine)), ("evidence.jsonl", report.evidence_digest), *policies[:2]]


def _qr(number: str, digests: Iterable[tuple[str, str]]) -> bytes:
    """The digests as a QR code, SVG."""
    lines = [f"auditor {number}", *(f"{name} sha256 {digest}" for name, digest in digests)]
    code = segno.make("\n".join(lines), error="m", micro=False)
    return code.svg_inline(border=0, omitsize=True).encode()


def _checkpoint(text: str) -> bytes:
    """The log's signed checkpoint as a QR code, SVG."""
    return segno.make(text, error="m", micro=False).svg_inline(border=2, omitsize=True).encode()


def _packed(machine: bytes) -> bytes:
    """The report gzipped, as a JSON list of its bytes: typst takes nothing but text from memory."""
    return json.dumps(list(gzip.compress(machine, mtime=0))).encode()
