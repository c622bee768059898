"""Whatever a site answers, a crawl ends within its budget, asks for nothing twice and stays on its host."""

from urllib.parse import urlsplit

from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.errors import Unobserved
from auditor.model import Absence
from auditor.net import Field, Limits, Response, Visit
from auditor.net.address import Address
from auditor.net.crawl import crawler
from auditor.net.crawl.robots import REDIRECTS

HOST = "contoh.go.id"
REFERENCES = st.one_of(
    st.text(st.sampled_from("ab/.?#=&;%2e\\: éü@[]"), max_size=12),
    st.sampled_from([
        "//lain.example/x", "https://contoh.go.id:8443/", "HTTP://WWW.CONTOH.GO.ID/a", "javascript:x()", "/logout", "/a/a/a/a/a",
        "mailto:x@contoh.go.id", "http://[::1]/", "http://contoh.go.id@lain.example/", "/x;jsessionid=1?b=2&a=1", "../../..",
    ]),
)  # fmt: skip
PIECES = st.one_of(
    REFERENCES.map(lambda text: f'<a href="{text}">'),
    REFERENCES.map(lambda text: f"<script src={text}></script>"),
    REFERENCES.map(lambda text: f"<base href='{text}'>"),
    REFERENCES.map(lambda text: f"<loc>{text}</loc>"),
    REFERENCES.map(lambda text: f"Disallow: {text}\n"),
    REFERENCES.map(lambda text: f"Sitemap: {text}\n"),
    st.text(max_size=20),
)
ANSWERS = st.builds(
    lambda status, kind, location, pieces: (status, kind, location, "".join(pieces)),
    st.sampled_from([200, 200, 200, 200, 301, 302, 404, 403, 500, 503, 0]),
    st.sampled_from(
        ["text/html", "text/html; charset=utf-16", "application/xml", "text/javascript", "", "application/pdf"]
    ),
    REFERENCES,
    st.lists(PIECES, max_size=8),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(ANSWERS, min_size=1, max_size=12), st.integers(1, 40))
def test_any_site(answers: list[tuple[int, str, str, str]], budget: int) -> None:
    asked: list[str] = []

    def fetch(address: Address, lane: int, cap: int) -> Response:
        asked.append(address.url)
        status, kind, location, body = answers[hash(address.resource) % len(answers)]
        if not status:
            raise Unobserved(Absence.TIMEOUT, "no full answer")
        fields = (Field("Content-Type", kind), Field("Location", location.encode("utf-8").decode("latin-1")))
        return Response(address.url, status, "", "HTTP/1.1", fields, body.encode("utf-8", "replace"))

    status, kind, _, body = answers[0]
    home = Response(
        f"https://{HOST}/",
        status or 200,
        "",
        "HTTP/1.1",
        (Field("Content-Type", kind),),
        body.encode("utf-8", "replace"),
    )
    found = crawler.crawl(
        Visit((home,)), fetch, lambda host: host in (HOST, f"www.{HOST}"), budget=budget, limits=Limits()
    )
    assert len(asked) <= budget
    assert len(asked) - len(set(asked)) <= REDIRECTS, "robots.txt alone may lead to what is asked for anyhow"
    assert {(urlsplit(url).scheme, urlsplit(url).netloc) for url in asked} <= {("https", HOST)}
    assert len(found.documents) <= len(asked) + 1
    assert found.covered or found.detail
