"""How well planted pages are told from what only looks like them, and how fast: precision and recall, by label.

The labelled pages of `tests/corpora/gambling.py`, served by a real site and looked at through a crawl.
"""

import sys
import time
from collections import Counter

from auditor.model import Fact
from auditor.net import Neighbours, Network
from checks import gambling
from tests.corpora.gambling import Case, cases, page
from tests.wire.site import NAME, Page, Site, aim, reply

LABELS = {
    "content.gambling.injected": "injected",
    "content.seo_spam": "seo_spam",
    "content.defaced": "defaced",
    "content.gambling.suspect": "suspect",
}


def seen() -> tuple[list[tuple[Case, set[str]]], float]:
    """Each case with the labels that it was given, and CPU seconds of the whole look."""
    placed = {f"/k{number}{case.path.rstrip('/').partition('?')[0]}": case for number, case in enumerate(cases())}
    pages: dict[str, Page] = {path: reply(200, body=case.body, kind=case.kind or None) for path, case in placed.items()}
    pages["/"] = reply(200, body=page("".join(f'<a href="{path}">x</a>' for path in placed)))
    with Site(pages) as site, Network(aim(plain=site), neighbours=Neighbours()) as net:
        net.crawl()
        busy = time.process_time()
        found = [item for item in gambling.collect(net.target, net) if isinstance(item, Fact)]
        busy = time.process_time() - busy
    given: dict[str, set[str]] = {path: set() for path in placed}
    for item in found:
        path = item.subject.removeprefix(f"http://{NAME}")
        if item.name in LABELS and path in given:
            given[path].add(LABELS[item.name])
    return [(case, given[path]) for path, case in placed.items()], busy


def main() -> None:
    """Print one line a label, then what was confused."""
    told, busy = seen()
    size = sum(len(case.body) for case, _ in told)
    for label in ("injected", "seo_spam", "defaced"):
        count = Counter((case.label == label, label in labels) for case, labels in told)
        right, missed, wrong = count[True, True], count[True, False], count[False, True]
        precision = right / (right + wrong) if right + wrong else 1.0
        recall = right / (right + missed) if right + missed else 1.0
        sys.stdout.write(
            f"planted pages, {label:<9} {right + missed:>4} of {len(told)} labelled  precision {precision:>7.2%}  recall {recall:>7.2%}\n"
        )
    for case, labels in told:
        if labels != {case.label} - {"clean"}:
            sys.stdout.write(f"  {case.name}: {case.label}, taken for {', '.join(sorted(labels)) or 'clean'}\n")
    sys.stdout.write(f"planted pages: {busy * 1000 / len(told):.1f} CPU-ms a page, {size / busy / 1e6:.1f} MB/s\n")


if __name__ == "__main__":
    main()
