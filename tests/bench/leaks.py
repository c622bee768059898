"""What the leak audit finds and costs: precision and recall by type, false alarms, MB/s of the engine, PDF pages, memory.

The corpus is our own (`tests.corpus`), so recall on it says that nothing broke, not how the field looks.
"""

import random
import re
import sys
import time
from collections import Counter
from datetime import date
from pathlib import Path

from checks.leaks.analysis import Summary, analyse
from checks.leaks.engine import Matcher, matcher
from checks.leaks.formats.pdf import from_pdf
from checks.leaks.patterns import everything, patterns
from checks.leaks.sandbox import Reader
from tests.corpus import cases, noise
from tests.corpus.writers import pdf

TODAY = date(2026, 11, 26)
HOSTILE_PAGES = 10_000
PAGES = 200


def say(line: str) -> None:
    """One line of the result."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def look(name: str, kind: str, data: bytes) -> Summary:
    return analyse(name, kind, data, matcher=everything(), key=bytes(32), today=TODAY)


def counted(summary: Summary) -> dict[str, int]:
    found = {kind: count.count for kind, count in summary.types.items() if count.count}
    return found | ({"children": summary.children} if summary.children else {})


def quality(seeds: range) -> None:
    """Precision and recall over several corpora, and every file on which found and label differ."""
    right: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    invented: Counter[str] = Counter()
    files = 0
    for seed in seeds:
        for case in cases(seed):
            files += 1
            found = counted(look(case.name, case.content_type, case.data))
            for kind in {*found, *case.expected}:
                label, seen = case.expected.get(kind, 0), found.get(kind, 0)
                right[kind] += min(label, seen)
                missed[kind] += max(0, label - seen)
                invented[kind] += max(0, seen - label)
            if found != case.expected:
                say(f"  differs: {case.name} (corpus {seed}): label {case.expected}, found {found}")
    say(f"{files} labelled files; distinct values by type:")
    for kind in sorted(right | missed | invented):
        said, there = right[kind] + invented[kind], right[kind] + missed[kind]
        say(
            f"  {kind:<13} precision {right[kind] / max(1, said):7.2%}  recall {right[kind] / max(1, there):7.2%}"
            f"  of {there:>5}; missed {missed[kind]}, invented {invented[kind]}"
        )


def false_alarms() -> None:
    """Pages of the hostile families: none holds a number of a person."""
    levels: Counter[str] = Counter()
    for page in noise(2026, HOSTILE_PAGES):
        summary = look("halaman.html", "text/html", page)
        levels["counted"] += bool(counted(summary))
        levels["possible"] += any(count.possible for count in summary.types.values())
    say(
        f"{HOSTILE_PAGES} hostile pages: confirmed or probable {levels['counted']}"
        f" ({levels['counted'] / HOSTILE_PAGES:.3%}), possible {levels['possible'] / HOSTILE_PAGES:.2%}"
    )


def mixture(megabytes: int) -> list[bytes]:
    """Indonesian pages and minified script in equal parts, in documents of 100 kB."""
    rng = random.Random(5)
    words = ("layanan", "publik", "dinas", "kabupaten", "warga", "pengumuman", "bantuan", "nomor", "tahun", "berita")
    scripts = [path.read_bytes() for path in sorted(Path(sys.prefix).rglob("*.js")) if path.stat().st_size > 20_000][
        :60
    ]
    script = b"\n".join(scripts) or b"function a(b){return b.c(1)}" * 5_000
    documents = []
    for number in range(megabytes * 5):
        contact = f"<p>Hubungi 0812-0000-{rng.randrange(10**4):04} atau warga{number}@surel.test, No. {rng.randrange(10**16):016}</p>"
        body = (
            "".join(f"<p>{' '.join(rng.choices(words, k=12))} {rng.randrange(10**6)}</p>\n" for _ in range(900))
            + contact
        )
        documents.append(f"<!doctype html><title>Berita</title>{body}".encode()[-100_000:])
        start = (number * 100_000) % max(1, len(script) - 100_000)
        documents.append(script[start : start + 100_000])
    return documents


def _seconds(engine: Matcher, documents: list[bytes]) -> tuple[float, int]:
    started, found = time.process_time(), 0
    for document in documents:
        found += len(engine.find(document))
    return time.process_time() - started, found


def speed() -> None:
    """All patterns over mixed pages and scripts, on one core."""
    documents = mixture(30)
    size = sum(map(len, documents)) / 1e6
    taken, found = _seconds(everything(), documents)
    say(
        f"hyperscan, {len(patterns())} patterns, with confirmation: {size / taken:.0f} MB/s of CPU time ({found} matches in {size:.0f} MB)"
    )
    few = documents[:20]
    taken, same = _seconds(matcher(patterns(), fast=False), few)
    say(
        f"without hyperscan: {sum(map(len, few)) / 1e6 / taken:.2f} MB/s; as many matches: {same == _seconds(everything(), few)[1]}"
    )
    started = time.process_time()
    for number, document in enumerate(documents[:100]):
        look("x.js" if number % 2 else "x.html", "", document)
    say(
        f"from bytes to summary: {sum(map(len, documents[:100])) / 1e6 / (time.process_time() - started):.1f} MB/s of CPU time"
    )


def documents() -> None:
    """Pages a second of PDF, and the memory of the child on a large file."""
    rows = [("Nama", "Nomor"), *((f"Nama {n}", str(n)) for n in range(40 * PAGES))]
    data = pdf("Laporan", rows)
    pages = len(re.findall(rb"/Type ?/Page\b", data)) or PAGES
    started = time.process_time()
    from_pdf(data)
    say(f"PDF: {pages / (time.process_time() - started):.0f} pages/s")
    with Reader(bytes(32)) as reader:
        reader.summary("x.csv", "text/csv", b"nama,nik\n" + b"budi,6371015508909001\n" * 400_000)
        assert reader._child is not None
        state = Path(f"/proc/{reader._child.pid}/status").read_text("utf-8")
    (peak,) = re.findall(r"VmHWM:\s*(\d+)", state)
    say(f"memory of the reading process on 8 MB of CSV: {int(peak) / 1024:.0f} MB")


def main() -> None:
    """Everything, about two minutes."""
    quality(range(1, 6))
    false_alarms()
    speed()
    documents()


if __name__ == "__main__":
    main()
