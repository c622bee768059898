import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.model import Authorisation, Endpoint, Level, Target
from auditor.targets import parse_target, resolve

LETTER = Authorisation("ST-12/2026", level=Level.STANDARD)
PASSIVE, STANDARD, ACTIVE = Level.PASSIVE, Level.STANDARD, Level.ACTIVE


@pytest.mark.parametrize(
    ("authorised", "requested", "level"),
    [
        (None, None, PASSIVE),
        (None, PASSIVE, PASSIVE),
        (None, STANDARD, PASSIVE),
        (None, ACTIVE, PASSIVE),
        (PASSIVE, None, PASSIVE),
        (PASSIVE, ACTIVE, PASSIVE),
        (STANDARD, None, STANDARD),
        (STANDARD, PASSIVE, PASSIVE),
        (STANDARD, ACTIVE, STANDARD),
        (ACTIVE, None, ACTIVE),
        (ACTIVE, STANDARD, STANDARD),
    ],
)
def test_on_the_internet_a_level_is_cut_to_what_is_authorised(
    authorised: Level | None, requested: Level | None, level: Level
) -> None:
    letter = Authorisation("ST-12/2026", level=authorised) if authorised else None
    target = resolve(parse_target("contoh.go.id"), letter, requested)
    assert (target.level, target.requested, target.authorisation) == (level, requested, letter)


INSIDE = (
    "localhost",
    "127.0.0.1",
    "127.9.9.9",
    "[::1]",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "[fd00::1]",
    "[::ffff:10.0.0.1]",
)


@pytest.mark.parametrize("host", INSIDE)
@pytest.mark.parametrize("scheme", ["https", "http"])
def test_inside_nothing_but_active_needs_to_be_asked_for(scheme: str, host: str) -> None:
    target = parse_target(f"{scheme}://{host}")
    assert resolve(target, None, None).level is STANDARD
    assert resolve(target, None, ACTIVE).level is ACTIVE
    assert resolve(target, LETTER, ACTIVE).level is ACTIVE
    assert resolve(target, Authorisation("x", level=PASSIVE), None).level is PASSIVE


@pytest.mark.parametrize(
    "host", ["8.8.8.8", "[2001:4860:4860::8888]", "[::ffff:8.8.8.8]", "intranet", "localhost.contoh.go.id"]
)
def test_a_name_or_public_address_is_not_inside(host: str) -> None:
    assert resolve(parse_target(host), None, ACTIVE).level is PASSIVE


@pytest.mark.parametrize(
    ("url", "connect", "connect_http", "level"),
    [
        ("https://contoh.go.id", "127.0.0.1", None, STANDARD),
        ("https://contoh.go.id", "127.0.0.1", "10.0.0.1", STANDARD),
        ("http://contoh.go.id", None, "127.0.0.1", STANDARD),
        ("http://contoh.go.id", "127.0.0.1", None, STANDARD),
        ("https://contoh.go.id", "127.0.0.1", "8.8.8.8", PASSIVE),
        ("https://contoh.go.id", "8.8.8.8", None, PASSIVE),
        ("https://contoh.go.id", None, "127.0.0.1", PASSIVE),  # the https side still goes to the site
        ("https://127.0.0.1", "8.8.8.8", None, PASSIVE),
        ("https://contoh.go.id", "proxy.internal", None, PASSIVE),
    ],
)
def test_connect_decides_where_sockets_go(
    url: str, connect: str | None, connect_http: str | None, level: Level
) -> None:
    def end(host: str | None) -> Endpoint | None:
        return Endpoint(host, 4402) if host else None

    parsed = parse_target(url)
    target = Target(parsed.scheme, parsed.host, parsed.port, connect=end(connect), connect_http=end(connect_http))
    assert resolve(target, None, None).level is level


def test_the_scope_of_a_letter_widens_where_redirects_may_lead() -> None:
    letter = Authorisation("ST-12/2026", level=ACTIVE, scope=("sso.go.id",))
    target = resolve(parse_target("www.contoh.go.id"), letter, None)
    assert (target.authorisation, target.level) == (letter, ACTIVE)
    assert target.scope == ("www.contoh.go.id", "contoh.go.id", "sso.go.id")


LEVELS = st.none() | st.sampled_from(list(Level))
HOSTS = st.sampled_from(["contoh.go.id", "127.0.0.1", "[::1]", "8.8.8.8", "localhost"])


@given(HOSTS, st.sampled_from(list(Level)), LEVELS, st.sampled_from([(), ("contoh.go.id",), ("lain.go.id",)]))
def test_resolving_twice_changes_nothing(
    host: str, authorised: Level, requested: Level | None, scope: tuple[str, ...]
) -> None:
    letter = Authorisation("x", level=authorised, scope=scope)
    once = resolve(parse_target(host), letter, requested)
    assert resolve(once, once.authorisation, once.requested) == once
    assert requested is None or once.level.rank <= requested.rank
    assert once.host in once.scope
