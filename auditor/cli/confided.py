"""`--owner-certificate`: what the owner needs to clean up, encrypted to him beside the bundle; off by default."""

import json
from dataclasses import dataclass, field
from pathlib import Path

from auditor import scan
from auditor.cli.console import note, words


@dataclass(slots=True)
class Confided:
    """Data found, held in memory until they are encrypted. Nothing else is ever written of them."""

    certificates: tuple[Path, ...]
    lines: list[str] = field(default_factory=list, repr=False)

    def check(self) -> None:
        """Raises: KeyFileError: a certificate cannot be encrypted to; said before anything is scanned."""
        from auditor.trust import envelope  # noqa: PLC0415 - `auditor --help` must not wait for pyHanko

        envelope.recipients(self.certificates, scan.now())

    def take(self, url: str, kind: str, place: str, value: str) -> None:
        """One value, as a line of JSON."""
        self.lines.append(json.dumps({"url": url, "type": kind, "place": place, "value": value}, ensure_ascii=False))

    def write(self, out: Path, run: str) -> Path:
        """Encrypt them to `RUN.owner.jsonl.p7m` in the folder of bundles."""
        from auditor.trust import envelope  # noqa: PLC0415 - as above

        sealed = envelope.encrypt(
            "".join(f"{line}\n" for line in self.lines).encode(), envelope.recipients(self.certificates, scan.now())
        )
        path = out / f"{run}.owner.jsonl.p7m"
        with path.open("xb") as stream:
            stream.write(sealed)
        command = f"openssl cms -decrypt -inform DER -binary -in {path} -recip cert.pem -inkey key.pem"
        note(words().text("for the owner alone: {path}; opened with: {command}", path=path, command=command))
        return path
