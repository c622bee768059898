"""What a bundle says about its own verification: VERIFIKASI.md, and verify.sh, which needs coreutils and openssl alone.

Both are members under the sums. A script out of a bundle is as good as the bundle: whoever has reason to doubt it
reads it, types the commands himself, or takes the copy of another report that he trusts.
"""

from collections.abc import Mapping
from pathlib import Path

from auditor.canonical import sha256
from auditor.model import Report

SCRIPT, TEXT = "verify.sh", "VERIFIKASI.md"

_HERE = Path(__file__).parent


def files(report: Report, lang: str) -> Mapping[str, bytes]:
    """The two files for a bundle, in the language `id` or `en`."""
    script = (_HERE / SCRIPT).read_bytes()
    text = (_HERE / f"VERIFIKASI.{lang}.md").read_text("utf-8")
    sealing = report.sealing
    lines = {
        "number": report.id,
        "certificate": sealing.certificate or "-",
        "tsa": sealing.tsa or "-",
        "log": sealing.log or "-",
        "script": sha256(script),
    }
    for name, value in lines.items():
        text = text.replace("{" + name + "}", value)
    return {SCRIPT: script, TEXT: text.encode()}
