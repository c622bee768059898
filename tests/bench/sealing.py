"""What sealing and verifying cost: seconds of wall time and of this process' CPU, on whatever machine this is.

The time stamp authority is openssl behind a small server on loopback: a process a stamp, most of what a stamp costs.
"""

import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from auditor import bundle, facts
from auditor.audit import Edition, Rules, Scanned, publish
from auditor.canonical import encode
from auditor.model import Absence, Absent, Fact, FactSpec, Observation, Run, View
from auditor.policy import load
from auditor.trust import keys, pdf
from auditor.trust.timestamp import Authority
from auditor.verify import Reader, verify
from reports import pdf as renderer
from tests.unit.reports import samples
from tests.wire import bundles, tsa


def timed(name: str, work: Callable[[], object]) -> object:
    """One line: what was done, wall and CPU seconds."""
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    print(f"{name:<58}{time.perf_counter() - wall:8.2f} s{time.process_time() - cpu:8.2f} s CPU")  # noqa: T201
    return result


def sized(pages: int) -> View:
    """A report of about so many pages."""
    return samples.fleet(sites=600, rules=30) if pages > 100 else samples.bad()


def hundred(folder: Path) -> tuple[tuple[Observation, ...], Rules, Scanned]:
    """A hundred sites with the evidence of the tests' two."""
    (folder / "dasar.yaml").write_bytes(bundles.BASE)
    (folder / "coba.yaml").write_bytes(bundles.POLICY)
    specs: dict[str, FactSpec] = {**bundles.SPECS}
    targets = tuple(bundles.target(f"situs{n}.contoh.go.id") for n in range(100))
    at = datetime.now(UTC).replace(microsecond=0)
    seen = tuple(
        Observation(site.url, f"cek{n}", at, 9, (Fact("tls.versions", ("TLSv1.2",)),) if n == 0 else (),
                    (Absent("http.hsts.max_age", Absence.NOT_OFFERED),) if n == 0 else ())
        for site in targets
        for n in range(4)
    )  # fmt: skip
    evidence = b"".join(encode(one) + b"\n" for one in seen)
    run = Run(started=at, finished=at, requested=None)
    rules = Rules((load(folder / "coba.yaml", specs),))
    return seen, rules, Scanned(targets=targets, run=run, evidence=evidence, specs=specs, provenance=())


def main() -> None:
    """Signing, rendering with sealing, verifying."""
    folder = Path(tempfile.mkdtemp(prefix="auditor-bench-"))
    made = keys.create(folder / "kunci", "Tolok Ukur", None)
    signer = keys.load(made.key, None)
    now = datetime.now(UTC)
    files = {"report.json": b"{}", "evidence.jsonl": b"x" * 500_000, "facts.json": facts.write(bundles.SPECS)}
    bundle.write(folder / "hangat", files, signer, now)  # imports and fonts are paid once
    renderer.render(sized(10), "id")
    timed("sign a bundle, no time stamp", lambda: bundle.write(folder / "satu", files, signer, now))
    with tsa.running(folder / "tsa", points_to_crl=True) as authority:
        timed("sign a bundle, time stamps and CRLs",
              lambda: bundle.write(folder / "dua", files, signer, now, tsa=authority.url))  # fmt: skip
        for pages in (10, 300):
            view = sized(pages)
            view = replace(view, report=replace(view.report, signing="trusted-key"))

            def sealed(view: View = view, by: Authority | None = None) -> bytes:
                [(_, document)] = list(renderer.render(view, "id"))
                return pdf.seal(document, signer, now, "id", by)

            (folder / "a.pdf").write_bytes(sealed())
            told = subprocess.run(["pdfinfo", folder / "a.pdf"], capture_output=True, text=True, check=True).stdout
            count = next(line.split()[1] for line in told.splitlines() if line.startswith("Pages"))
            timed(f"render and seal a PDF of {count} pages, B-B", sealed)
            stamped = timed(
                f"render and seal a PDF of {count} pages, B-LTA", lambda: sealed(by=Authority(authority.url))
            )
            assert isinstance(stamped, bytes)
            timed(f"read the seals of that PDF ({len(stamped) // 1024} KiB)",
                  partial(pdf.read, stamped, authority.roots, datetime.now(UTC)))  # fmt: skip
        _, rules, scanned = hundred(folder)
        moment = datetime.now(UTC).replace(microsecond=0)
        issued = publish(rules, scanned, Edition(("html", "pdf")), out=folder / "out", signer=signer, at=moment,
                         tsa=authority.url)  # fmt: skip
    from auditor.trust import anchors  # noqa: PLC0415

    reader = Reader((*anchors.load(made.root), *authority.roots))
    result = timed("verify a bundle of 100 sites, HTML and PDF in it",
                   lambda: verify(issued.bundle.path, reader, datetime.now(UTC)))  # fmt: skip
    assert result.genuine, result  # type: ignore[attr-defined]


if __name__ == "__main__":
    main()
