"""One bounded, polite walk over a site: its pages and the documents they link to.

Side effects stay with `auditor.net.network`, which fetches; what to fetch, in which order and when to stop is decided
here. What was fetched lives compressed in memory and nowhere else: an interrupted crawl begins anew, while sites that
were finished are kept in the journal of the run.
"""

from auditor.net.crawl.spelling import shown
from auditor.net.crawl.values import USUAL, WIDE, Crawl, Document, Missed, Sitemap, requests

__all__ = ["USUAL", "WIDE", "Crawl", "Document", "Missed", "Sitemap", "requests", "shown"]
