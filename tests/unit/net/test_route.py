"""Which sides of a target are known, and which socket each URL leads to."""

import pytest

from auditor.errors import Unobserved
from auditor.model import Absence, Endpoint, Target
from auditor.net.address import parse
from auditor.net.route import Side, endpoint, sides

E443, E4443, E8080, E80 = (Endpoint("127.0.0.1", port) for port in (443, 4443, 8080, 80))


def target(scheme: str, port: int, connect: Endpoint | None = None, connect_http: Endpoint | None = None) -> Target:
    return Target(scheme, "contoh.go.id", port, connect=connect, connect_http=connect_http)


@pytest.mark.parametrize(
    ("asked", "https", "http"),
    [
        (target("https", 443), (443, None), (80, None)),
        (target("https", 8443), (8443, None), None),
        (target("https", 443, E4443), (443, E4443), None),
        (target("https", 443, E443), (443, E443), (80, E80)),
        (target("https", 443, E4443, E8080), (443, E4443), (80, E8080)),
        (target("https", 8443, E443), (8443, E443), None),
        (target("https", 8443, E4443, E8080), (8443, E4443), (80, E8080)),
        (target("https", 443, None, E8080), (443, None), (80, E8080)),
        (target("http", 80), (443, None), (80, None)),
        (target("http", 8080), None, (8080, None)),
        (target("http", 80, E8080), None, (80, E8080)),
        (target("http", 80, E443), (443, E443), (80, E80)),
        (target("http", 80, E4443, E8080), (443, E4443), (80, E8080)),
        (target("http", 80, None, E8080), None, (80, E8080)),
        (target("http", 80, None, E80), (443, E443), (80, E80)),
    ],
)
def test_a_side_is_known_where_url_or_operator_say_so(
    asked: Target, https: tuple[int, Endpoint | None] | None, http: tuple[int, Endpoint | None] | None
) -> None:
    wanted = {"https": https, "http": http}
    assert dict(sides(asked)) == {scheme: Side(scheme, *end) for scheme, end in wanted.items() if end}


@pytest.mark.parametrize(
    ("asked", "url", "goes_to"),
    [
        (target("https", 443, E4443), "https://contoh.go.id/", (E4443, True)),
        (target("https", 443, E4443), "https://www.contoh.go.id/", (E4443, True)),
        (target("https", 443, E4443), "http://contoh.go.id/", None),
        (target("https", 443, E4443), "https://contoh.go.id:8443/", None),
        (target("https", 8443, E4443), "https://contoh.go.id:8443/", (E4443, True)),
        (target("https", 443), "https://contoh.go.id:8443/", (Endpoint("contoh.go.id", 8443), False)),
        (target("https", 8443), "http://contoh.go.id/", (Endpoint("contoh.go.id", 80), False)),
        (target("https", 443, None, E8080), "https://contoh.go.id/", (Endpoint("contoh.go.id", 443), False)),
        (target("https", 443), "https://127.0.0.1/", (E443, True)),
    ],
)
def test_a_socket_goes_where_the_operator_aims_it(
    asked: Target, url: str, goes_to: tuple[Endpoint, bool] | None
) -> None:
    address = parse(url)
    assert address is not None
    if goes_to is not None:
        assert endpoint(sides(asked), address) == goes_to
        return
    with pytest.raises(Unobserved) as caught:
        endpoint(sides(asked), address)
    assert caught.value.reason is Absence.NOT_COLLECTED
