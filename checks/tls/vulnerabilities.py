"""Vulnerabilities that follow from what a server offers, without another question.

Of `beast`, `lucky13`, `raccoon` and `dheat` what is seen is the precondition on the server's side.
"""

from collections.abc import Callable, Iterable, Mapping

from auditor.errors import Unobserved
from auditor.model import Absence

from . import parameters, primes, sslv2
from .answers import Answer
from .hello import SSL30, TLS10, TLS12
from .portrait import Offering, Portrait
from .suites import Suite

_EVERY = (SSL30, TLS12)


def judged(portrait: Portrait) -> Mapping[str, Answer]:
    """Whether the server is open to each of these, by name.

    `freak` RSA of export grade (CVE-2015-0204); `logjam` Diffie-Hellman of export grade, or with a prime under 1024
    bits, or with a well-known one of 1024 (CVE-2015-4000); `sweet32` ciphers with blocks of 64 bits (CVE-2016-2183);
    `rc4` (RFC 7465); `crime` TLS compression (CVE-2012-4929); `drown` SSL 2.0 (CVE-2016-0800); `poodle-sslv3` SSL 3.0
    with CBC (CVE-2014-3566); `beast` TLS 1.0 or before with CBC (CVE-2011-3389); `lucky13` CBC (CVE-2013-0169);
    `raccoon` Diffie-Hellman with a key that stays the same (CVE-2020-1968); `dheat` finite-field Diffie-Hellman at all
    (CVE-2002-20001).
    """
    finite = {
        "dheat": _any(
            _suites(portrait, *_EVERY, lambda suite: suite.ephemeral == "dh"),
            _groups(portrait, lambda name: name.startswith("ffdhe")),
        ),
    }
    if not portrait.before_tls13:
        return finite  # the others have no meaning in TLS 1.3
    return finite | {
        "freak": _suites(portrait, *_EVERY, lambda suite: suite.exchange.startswith("RSA_EXPORT")),
        "logjam": _logjam(portrait),
        "sweet32": _suites(portrait, *_EVERY, lambda suite: suite.short_blocks),
        "rc4": _suites(portrait, *_EVERY, lambda suite: suite.cipher.startswith("RC4_")),
        "crime": _compression(portrait),
        "drown": _version(portrait, sslv2.VERSION),
        "poodle-sslv3": _suites(portrait, SSL30, SSL30, lambda suite: suite.cbc),
        "beast": _suites(portrait, SSL30, TLS10, lambda suite: suite.cbc),
        "lucky13": _suites(portrait, TLS10, TLS12, lambda suite: suite.cbc),
        "raccoon": _raccoon(portrait),
    }


def _any(*answers: Answer) -> Answer:
    """Yes where one is; else unknown where one is."""
    yes = next((answer for answer in answers if answer.value), None)
    return yes or next((answer for answer in answers if answer.value is None), None) or Answer(value=False)


def _within(portrait: Portrait, first: int, last: int) -> Iterable[Offering]:
    return (each for each in portrait.offerings if first <= each.number <= last)


def unseen(portrait: Portrait, first: int, last: int) -> Unobserved | None:
    """Why there may be more in these versions than was found."""
    gaps = [sighting.gap for sighting in portrait.open if first <= sighting.version.number <= last]
    gaps += [each.suites.gap for each in _within(portrait, first, last)]
    return next((gap for gap in gaps if gap is not None), None)


def _suites(portrait: Portrait, first: int, last: int, fits: Callable[[Suite], bool]) -> Answer:
    """Whether a suite that fits is accepted in these versions."""
    if any(fits(suite) for each in _within(portrait, first, last) for suite in each.kinds):
        return Answer(value=True)
    gap = unseen(portrait, first, last)
    return Answer(gap=gap) if gap else Answer(value=False)


def _version(portrait: Portrait, number: int) -> Answer:
    if any(_within(portrait, number, number)):
        return Answer(value=True)
    gap = next((sighting.gap for sighting in portrait.open if sighting.version.number == number), None)
    return Answer(gap=gap) if gap else Answer(value=False)


def _compression(portrait: Portrait) -> Answer:
    each = list(_within(portrait, *_EVERY))
    if any(flight.hello.compression for offering in each for flight in offering.flights):
        return Answer(value=True)
    mute = any(not offering.flights for offering in each)
    gap = unseen(portrait, *_EVERY) or (Unobserved(Absence.NOT_COLLECTED, "nothing was heard") if mute else None)
    return Answer(gap=gap) if gap else Answer(value=False)


def _logjam(portrait: Portrait) -> Answer:
    weak = any(
        prime.bit_length() < 1024 or (prime.bit_length() == 1024 and primes.name_of(prime))
        for prime in moduli(portrait)
    )
    graded = _suites(portrait, *_EVERY, lambda suite: suite.export and suite.ephemeral == "dh")
    return Answer(value=True) if weak else graded


def _raccoon(portrait: Portrait) -> Answer:
    """Static keys of the certificate, or ephemeral ones that were seen twice."""
    static = _suites(portrait, *_EVERY, lambda suite: suite.exchange.startswith(("DH_RSA", "DH_DSS")))
    return _any(static, reused(portrait).get("dh", Answer(value=False)))


def _groups(portrait: Portrait, fits: Callable[[str], bool]) -> Answer:
    if portrait.groups is None:
        return Answer(value=False)
    if any(fits(parameters.GROUPS.get(code, "")) for code in portrait.groups.members):
        return Answer(value=True)
    return Answer(gap=portrait.groups.gap) if portrait.groups.gap else Answer(value=False)


def moduli(portrait: Portrait) -> set[int]:
    """Every Diffie-Hellman prime that was seen."""
    return {flight.exchange.prime for flight in portrait.flights if flight.exchange and flight.exchange.prime}


def reused(portrait: Portrait) -> Mapping[str, Answer]:
    """Whether an ephemeral key was sent twice, for `dh` and `ecdh`, where at least two were seen."""
    answers = {}
    for kind, finite in (("dh", True), ("ecdh", False)):
        keys = [
            flight.exchange.public
            for flight in portrait.flights
            if flight.exchange is not None and (flight.exchange.prime is not None) is finite
        ]
        if len(keys) > 1:
            answers[kind] = Answer(len(set(keys)) < len(keys))
    return answers
